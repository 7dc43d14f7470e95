package dev.sallyport.protocol;

/**
 * The verified principal behind a request: never a session id, never a bare subject (BP-01). Two
 * callers are the same only when all three parts are.
 *
 * @param issuer who vouches: an identity provider's URL, {@code key} for access keys, {@code local}
 *     for the user of this machine
 * @param subject whom it vouches for, unique within the issuer
 * @param clientId the client that acts for the subject
 */
public record Caller(String issuer, String subject, String clientId) {
  public Caller {
    if (issuer.isEmpty() || subject.isEmpty()) {
      throw new IllegalArgumentException("a caller has an issuer and a subject");
    }
  }

  /** For whom it acts. */
  public Person person() {
    return new Person(issuer, subject);
  }

  /**
   * Whoever runs this program and speaks to it over a pipe, or over a loopback listener that checks
   * nobody.
   */
  public static Caller local(String user) {
    return new Caller("local", user.isEmpty() ? "unknown" : user, "");
  }
}
