package dev.sallyport.access;

/** Whether somebody may come in for whom an issuer vouches. */
public enum Standing {
  /** Nothing speaks against it. */
  GOOD,
  /** The operator has decided that they may not. */
  REVOKED,
  /** Nobody can tell just now; so they may not. */
  UNKNOWN
}
