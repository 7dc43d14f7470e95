package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate and its key, and who trusts it. Written by hand, because the JDK makes certificates
 * only with a program of its own, which takes seconds.
 */
public record Identity(TlsFiles files, X509Certificate certificate, PrivateKey key) {
  private static final int SEQUENCE = 0x30;
  private static final int OBJECT = 0x06;
  private static final char[] PASSWORD = "x".toCharArray();

  /** From when to when, in two digits of a year and so on. */
  public record Validity(String from, String until) {
    /** For as long as two digits of a year can say. */
    public static final Validity ALWAYS = new Validity("200101000000Z", "491231235959Z");

    public static final Validity EXPIRED = new Validity("200101000000Z", "210101000000Z");
    public static final Validity NOT_YET = new Validity("480101000000Z", "491231235959Z");
  }

  /** A self-signed one for localhost and 127.0.0.1. */
  public static Identity make(Path folder, String name, String algorithm) throws Exception {
    KeyPair keys = keys(algorithm);
    return write(
        folder,
        name,
        certificate(keys, keys.getPrivate(), "localhost", "localhost", Validity.ALWAYS, false),
        keys);
  }

  /** One that issues others. */
  public static Identity authority(Path folder, String name) throws Exception {
    KeyPair keys = keys("EC");
    return write(
        folder,
        name,
        certificate(keys, keys.getPrivate(), name, name, Validity.ALWAYS, true),
        keys);
  }

  /** One for a host, and for 127.0.0.1 when that is localhost, issued by this. */
  public Identity issue(Path folder, String host, Validity validity) throws Exception {
    KeyPair keys = keys("EC");
    String issuer = certificate.getSubjectX500Principal().getName().substring("CN=".length());
    return write(folder, host, certificate(keys, key, issuer, host, validity, false), keys);
  }

  private static KeyPair keys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    // The smallest that the JDK still takes: to make a larger one costs seconds, and proves no
    // more.
    generator.initialize(algorithm.equals("RSA") ? 1024 : 256);
    return generator.generateKeyPair();
  }

  private static Identity write(Path folder, String name, byte[] certificate, KeyPair keys)
      throws Exception {
    Path certificateFile = folder.resolve(name + ".crt");
    Path keyFile = folder.resolve(name + ".key");
    write(certificateFile, "CERTIFICATE", certificate);
    write(keyFile, "PRIVATE KEY", keys.getPrivate().getEncoded());
    return new Identity(
        new TlsFiles(certificateFile, keyFile),
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate)),
        keys.getPrivate());
  }

  /** For a client that trusts this. */
  public SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(this).getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a client that trusts all of these. */
  static SSLContext trustingAll(Identity... identities) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust(identities).getTrustManagers(), new SecureRandom());
    return context;
  }

  /** For a server that is this, and asks its clients for one issued by the given. */
  public SSLContext serving(Identity clients) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("own", key, PASSWORD, new X509Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust(clients).getTrustManagers(), new SecureRandom());
    return context;
  }

  private static TrustManagerFactory trust(Identity... trusted)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      store.setCertificateEntry("trusted-" + i, trusted[i].certificate);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return trust;
  }

  /** RFC 5280, 4.1. */
  private static byte[] certificate(
      KeyPair keys,
      PrivateKey signer,
      String issuer,
      String subject,
      Validity validity,
      boolean authority)
      throws Exception {
    boolean rsa = signer.getAlgorithm().equals("RSA");
    byte[] signedWith =
        rsa
            ? der(SEQUENCE, der(OBJECT, hex("2a864886f70d01010b")), der(0x05))
            : der(SEQUENCE, der(OBJECT, hex("2a8648ce3d040302")));
    byte[] content =
        der(
            SEQUENCE,
            der(0xa0, der(0x02, hex("02"))),
            der(0x02, hex("01")),
            signedWith,
            name(issuer),
            der(
                SEQUENCE,
                der(0x17, validity.from().getBytes(US_ASCII)),
                der(0x17, validity.until().getBytes(US_ASCII))),
            name(subject),
            keys.getPublic().getEncoded(),
            der(0xa3, der(SEQUENCE, authority ? basicConstraints() : alternatives(subject))));
    Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
    signature.initSign(signer);
    signature.update(content);
    return der(SEQUENCE, content, signedWith, der(0x03, hex("00"), signature.sign()));
  }

  private static byte[] name(String common) {
    byte[] commonName =
        der(SEQUENCE, der(OBJECT, hex("550403")), der(0x0c, common.getBytes(US_ASCII)));
    return der(SEQUENCE, der(0x31, commonName));
  }

  private static byte[] alternatives(String host) {
    byte[] dns = der(0x82, host.getBytes(US_ASCII));
    byte[] names =
        host.equals("localhost")
            ? der(SEQUENCE, dns, der(0x87, hex("7f000001")))
            : der(SEQUENCE, dns);
    return der(SEQUENCE, der(OBJECT, hex("551d11")), der(0x04, names));
  }

  private static byte[] basicConstraints() {
    byte[] yes = der(SEQUENCE, der(0x01, hex("ff")));
    return der(SEQUENCE, der(OBJECT, hex("551d13")), der(0x01, hex("ff")), der(0x04, yes));
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
    } else if (content.size() < 256) {
      der.write(0x81);
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
