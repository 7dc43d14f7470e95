package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * Loads a certificate and its key, or the certificates of issuers, and says in one line what is
 * wrong and how. The engine would find out as well, but only at the first handshake or in words
 * about key stores. For packages of this module.
 */
public final class PemIdentity {
  private static final long MAX_BYTES = 1024 * 1024;

  private PemIdentity() {}

  /**
   * @param identity for the engine, with the keys made of it once: that takes its while
   * @param certificate as {@link #certificate} has it
   */
  record Loaded(PemKeyCertOptions read, KeyCertOptions identity, X509Certificate certificate) {
    /** Whether the same was read. */
    boolean isOf(Loaded other) {
      return read.equals(other.read);
    }
  }

  public static KeyCertOptions load(TlsFiles files, Vertx vertx) throws PemException {
    return loadWhole(files, vertx).identity();
  }

  /** The one whose the key is; a look at it alone costs little. */
  static X509Certificate certificate(Path file) throws PemException {
    return first(file, read("certificate", file));
  }

  static Loaded loadWhole(TlsFiles files, Vertx vertx) throws PemException {
    byte[] certificate = read("certificate", files.certificate());
    byte[] key = read("private key", files.key());
    X509Certificate first = first(files.certificate(), certificate);
    PublicKey publicKey = first.getPublicKey();
    String keyText = new String(key, UTF_8);
    if (!keyText.contains("PRIVATE KEY-----")) {
      throw new PemException(files.key() + " holds no private key in PEM");
    }
    if (keyText.contains("ENCRYPTED")) {
      throw new PemException(
          "the private key in " + files.key() + " is encrypted; give one that is not");
    }
    PemKeyCertOptions options =
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(certificate))
            .addKeyValue(Buffer.buffer(key));
    KeyManagerFactory keys = keys(files, options, vertx);
    if (!belongTogether(privateKey(files, keys, publicKey), publicKey)) {
      throw mismatch(files);
    }
    return new Loaded(options, KeyCertOptions.wrap(keys), first);
  }

  /** Those that may have issued a peer's certificate. */
  public static PemTrustOptions authorities(Path file) throws PemException {
    byte[] certificates = read("certificate", file);
    try {
      Collection<?> issuers =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificates));
      if (!issuers.isEmpty()) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(certificates));
      }
    } catch (GeneralSecurityException malformed) {
      throw new PemException(file + " holds no certificate in PEM", malformed);
    }
    throw new PemException(file + " holds no certificate in PEM");
  }

  private static PemException mismatch(TlsFiles files) {
    return new PemException(
        "the private key in %s is not the one of the certificate in %s"
            .formatted(files.key(), files.certificate()));
  }

  private static byte[] read(String what, Path file) throws PemException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PemException("the " + what + " file " + file + " is too large");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new PemException("the " + what + " file " + file + " does not exist", missing);
    } catch (AccessDeniedException denied) {
      throw new PemException("the " + what + " file " + file + " may not be read", denied);
    } catch (IOException unreadable) {
      throw new PemException("the " + what + " file " + file + " cannot be read", unreadable);
    }
  }

  /** The listener's own, whatever follows it. */
  private static X509Certificate first(Path file, byte[] pem) throws PemException {
    try {
      if (CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem))
          instanceof X509Certificate certificate) {
        return certificate;
      }
    } catch (GeneralSecurityException malformed) {
      throw new PemException(file + " holds no certificate in PEM", malformed);
    }
    throw new PemException(file + " holds no certificate in PEM");
  }

  private static KeyManagerFactory keys(TlsFiles files, PemKeyCertOptions options, Vertx vertx)
      throws PemException {
    try {
      return options.getKeyManagerFactory(vertx);
    } catch (Exception malformed) { // declared as such by the engine
      if (String.valueOf(malformed.getMessage()).contains("does not match")) {
        throw mismatch(files);
      }
      throw new PemException("the private key in " + files.key() + " is malformed", malformed);
    }
  }

  private static PrivateKey privateKey(TlsFiles files, KeyManagerFactory keys, PublicKey publicKey)
      throws PemException {
    for (KeyManager manager : keys.getKeyManagers()) {
      if (manager instanceof X509KeyManager known) {
        String[] aliases = known.getServerAliases(publicKey.getAlgorithm(), null);
        if (aliases != null && aliases.length > 0) {
          return known.getPrivateKey(aliases[0]);
        }
      }
    }
    throw new PemException("the key in " + files.key() + " is of a kind that cannot be used");
  }

  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] sample = "do these two belong together?".getBytes(UTF_8);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException differentKinds) {
      return false;
    }
  }
}
