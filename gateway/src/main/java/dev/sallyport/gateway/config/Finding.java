package dev.sallyport.gateway.config;

/** What was noticed in a configuration, for people. Its text never holds a secret. */
public sealed interface Finding permits ConfigFault, Remark {
  Place place();

  /** One sentence: what, and what to write instead. */
  String text();

  /**
   * With its place, as compilers write it, so that editors find it.
   *
   * @param file what to call the file
   */
  default String told(String file) {
    return place().told(file) + ": " + text();
  }
}
