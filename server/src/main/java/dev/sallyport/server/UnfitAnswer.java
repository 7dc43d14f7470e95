package dev.sallyport.server;

import dev.sallyport.server.schema.InvalidInput;

/** A client answered a question with something else; ends the call with -32602 (MR-11). */
final class UnfitAnswer extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String told;

  UnfitAnswer(InvalidInput unfit) {
    super(unfit);
    this.told = told(unfit);
  }

  static String told(InvalidInput unfit) {
    return "An answer does not fit its question: " + String.join("; ", unfit.faults());
  }

  String told() {
    return told;
  }
}
