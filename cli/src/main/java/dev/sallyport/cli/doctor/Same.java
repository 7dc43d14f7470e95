package dev.sallyport.cli.doctor;

/** In what two URLs that have to be equal are not. */
final class Same {
  private Same() {}

  static boolean butForASlash(String one, String other) {
    return (one + "/").equals(other) || (other + "/").equals(one);
  }

  static boolean butForTheScheme(String one, String other) {
    return !one.equals(other) && withoutScheme(one).equals(withoutScheme(other));
  }

  private static String withoutScheme(String url) {
    return url.replaceFirst("^https?:", "");
  }
}
