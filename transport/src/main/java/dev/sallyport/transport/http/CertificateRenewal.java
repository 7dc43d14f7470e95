package dev.sallyport.transport.http;

/**
 * What came of reading a listener's certificate and its key again. A reason is one line for whoever
 * renews them, and tells what is shown from now on.
 */
public sealed interface CertificateRenewal {
  /** It is the one that is shown. */
  record Same() implements CertificateRenewal {}

  /** All new connections are shown this. */
  record Renewed(ListenerCertificate certificate) implements CertificateRenewal {}

  /** The files are of no use as they are. */
  record Refused(String why) implements CertificateRenewal {}

  /** Not now, but the same files may be taken at a later look. */
  record Postponed(String why) implements CertificateRenewal {}
}
