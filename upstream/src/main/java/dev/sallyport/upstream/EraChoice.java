package dev.sallyport.upstream;

/** Which era a server is spoken to in. */
public enum EraChoice {
  /** Found out by a probe when the first child starts, and remembered for later children. */
  AUTO,
  LEGACY,
  MODERN
}
