package dev.sallyport.server;

/**
 * Whether a person agreed to open a web page. Agreeing does not say that what the page is for has
 * been done.
 */
public enum Consent {
  ACCEPTED,
  DECLINED,
  DISMISSED
}
