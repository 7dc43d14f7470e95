package dev.sallyport.gateway.config;

import java.util.List;
import java.util.Optional;

/** What somebody may have meant who wrote a word that is not known. */
public final class Nearest {
  private static final int FURTHEST = 2;
  private static final int SHORT = 4;

  /** Nobody mistypes one of ours at such length, and comparing takes the square of it. */
  private static final int LONGEST = 100;

  private Nearest() {}

  /**
   * The known word that takes the fewest slips to get wrong like that, two at most; else one that
   * begins like it.
   */
  public static Optional<String> to(String word, List<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    int least = word.length() < SHORT ? 2 : FURTHEST + 1;
    Optional<String> nearest = Optional.empty();
    for (String each : known) {
      int slips = slips(word, each);
      if (slips < least) {
        least = slips;
        nearest = Optional.of(each);
      }
    }
    return nearest.or(() -> known.stream().filter(each -> beginsAlike(word, each)).findFirst());
  }

  /** The start of the shorter word must say something: {@code --v} could be anything. */
  private static boolean beginsAlike(String word, String known) {
    return Math.min(word.length(), known.length()) >= SHORT - 1
        && (known.startsWith(word) || word.startsWith(known));
  }

  /** Letters left out, put in, mistaken, or swapped with their neighbour. */
  private static int slips(String one, String other) {
    int[] before = new int[other.length() + 1];
    int[] last = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int mistaken = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(last[j - 1] + mistaken, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[other.length()];
  }
}
