package dev.sallyport.gateway;

/** Names with stars in them, each of which stands for any run of characters. */
public final class NamePattern {
  private NamePattern() {}

  /**
   * Goes back to the last star only, so that no pattern takes more than the product of both
   * lengths: the name comes from others, and could be made for a pattern.
   */
  public static boolean fits(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
