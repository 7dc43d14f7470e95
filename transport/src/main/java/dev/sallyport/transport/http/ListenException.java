package dev.sallyport.transport.http;

/** A listener could not be opened. The message is one line for the person who asked for it. */
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  /** What has to be mended. */
  public enum Fault {
    ADDRESS,
    CERTIFICATE
  }

  ListenException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  ListenException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
