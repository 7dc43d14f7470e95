package dev.sallyport.cli;

import java.time.Duration;
import java.util.Optional;

/** A span of time as a person writes it: {@code 90s}, {@code 30m}, {@code 12h}, {@code 30d}. */
final class TimeText {
  private static final int MOST_DIGITS = 5;

  private TimeText() {}

  /**
   * Empty when it is none: at least 1, of at most five digits, with one of the units.
   *
   * @param units some of {@code smhd}
   */
  static Optional<Duration> read(String text, String units) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > MOST_DIGITS || units.indexOf(text.charAt(digits)) < 0) {
      return Optional.empty();
    }
    int amount = 0;
    for (int i = 0; i < digits; i++) {
      char digit = text.charAt(i);
      if (digit < (i == 0 ? '1' : '0') || digit > '9') {
        return Optional.empty();
      }
      amount = 10 * amount + digit - '0';
    }
    return Optional.of(
        switch (text.charAt(digits)) {
          case 's' -> Duration.ofSeconds(amount);
          case 'm' -> Duration.ofMinutes(amount);
          case 'h' -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }
}
