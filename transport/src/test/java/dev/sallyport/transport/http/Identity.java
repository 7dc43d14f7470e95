package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for localhost, its key, and who trusts it. Written by hand, because the
 * JDK makes certificates only with a program of its own, which takes seconds.
 */
record Identity(TlsFiles files, SSLContext trusting) {
  private static final int SEQUENCE = 0x30;
  private static final int OBJECT = 0x06;

  static Identity make(Path folder, String name, String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    KeyPair keys = generator.generateKeyPair();
    byte[] certificate = certificate(keys, algorithm);
    Path certificateFile = folder.resolve(name + ".crt");
    Path keyFile = folder.resolve(name + ".key");
    write(certificateFile, "CERTIFICATE", certificate);
    write(keyFile, "PRIVATE KEY", keys.getPrivate().getEncoded());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        name,
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate)));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), new SecureRandom());
    return new Identity(new TlsFiles(certificateFile, keyFile), context);
  }

  /** RFC 5280, 4.1: valid for as long as two digits of a year can say. */
  private static byte[] certificate(KeyPair keys, String algorithm) throws Exception {
    boolean rsa = algorithm.equals("RSA");
    byte[] signedWith =
        rsa
            ? der(SEQUENCE, der(OBJECT, hex("2a864886f70d01010b")), der(0x05))
            : der(SEQUENCE, der(OBJECT, hex("2a8648ce3d040302")));
    byte[] commonName =
        der(SEQUENCE, der(OBJECT, hex("550403")), der(0x0c, "localhost".getBytes(US_ASCII)));
    byte[] subject = der(SEQUENCE, der(0x31, commonName));
    byte[] names =
        der(SEQUENCE, der(0x82, "localhost".getBytes(US_ASCII)), der(0x87, hex("7f000001")));
    byte[] extension = der(SEQUENCE, der(OBJECT, hex("551d11")), der(0x04, names));
    byte[] content =
        der(
            SEQUENCE,
            der(0xa0, der(0x02, hex("02"))),
            der(0x02, hex("01")),
            signedWith,
            subject,
            der(
                SEQUENCE,
                der(0x17, "200101000000Z".getBytes(US_ASCII)),
                der(0x17, "491231235959Z".getBytes(US_ASCII))),
            subject,
            keys.getPublic().getEncoded(),
            der(0xa3, der(SEQUENCE, extension)));
    Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(content);
    return der(SEQUENCE, content, signedWith, der(0x03, hex("00"), signature.sign()));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    if (content.size() < 128) {
      der.write(content.size());
    } else {
      der.write(0x82);
      der.write(content.size() >> 8);
      der.write(content.size());
    }
    der.writeBytes(content.toByteArray());
    return der.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
