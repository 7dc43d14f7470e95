package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.Place;

/**
 * Tells which values of a file may be secrets that what is made of it holds too. What they are is
 * never told. Confined to the reading of one file.
 */
final class InClear {
  private static final int MOST_TOLD = 50;

  private final Findings findings;
  private int found;

  InClear(Findings findings) {
    this.findings = findings;
  }

  /**
   * @param name how the value is called in messages
   */
  void tell(Place place, String name) {
    if (++found <= MOST_TOLD) {
      findings.remark(
          place,
          name
              + " may hold a secret and stands in the file; ${VARIABLE} or ${file:/path} would keep"
              + " it out");
    }
  }

  /** How many have not been told, once all are found. */
  void tellRest() {
    int rest = found - MOST_TOLD;
    if (rest > 0) {
      findings.remark(
          new Place.WholeFile(),
          rest + (rest == 1 ? " more value may hold one" : " more values may hold secrets"));
    }
  }
}
