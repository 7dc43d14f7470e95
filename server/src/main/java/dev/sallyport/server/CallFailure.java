package dev.sallyport.server;

/**
 * Ends a call with words for the other side. A tool's become a result that is an error, so that the
 * model can try something else (FE-09); those of a prompt or a resource a protocol error. Any other
 * exception is logged here and told to nobody.
 *
 * <pre>{@code throw new CallFailure("There is no order " + number);}</pre>
 */
public sealed class CallFailure extends RuntimeException permits NoAnswer {
  private static final long serialVersionUID = 1L;
  private final String told;

  /**
   * @param message reaches the client: no secrets, no internals
   */
  public CallFailure(String message) {
    super(message);
    this.told = message;
  }

  public CallFailure(String message, Throwable cause) {
    super(message, cause);
    this.told = message;
  }

  final String told() {
    return told;
  }
}
