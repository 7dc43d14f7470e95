package dev.sallyport.protocol;

/**
 * Whom an issuer vouches for, whichever client acts for them: what a connected account belongs to,
 * and who is shut out by name. Equal subjects of two issuers are two people (security T18).
 */
public record Person(String issuer, String subject) {
  public Person {
    if (issuer.isEmpty() || subject.isEmpty()) {
      throw new IllegalArgumentException("a person has an issuer and a subject");
    }
  }
}
