package dev.sallyport.protocol;

/**
 * Who sent one request, and what the credential says that it came with.
 *
 * @param caller what sessions, sealed texts and processes belong to
 */
public record Identity(Caller caller, Claims claims) {
  /** Whoever runs this program: as {@link Caller#local}, and with every right. */
  public static Identity local(String user) {
    return new Identity(Caller.local(user), Claims.EVERYTHING);
  }
}
