package dev.sallyport.server;

/** Nobody answered a question in time, or too many questions are open to ask another. */
public final class NoAnswer extends CallFailure {
  private static final long serialVersionUID = 1L;

  NoAnswer(String message) {
    super(message);
  }
}
