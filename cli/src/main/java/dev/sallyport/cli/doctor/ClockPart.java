package dev.sallyport.cli.doctor;

import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.cli.doctor.Step.Flaw;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the clocks of those who answered showed (RFC 9110 section 6.6.1), as against ours. */
final class ClockPart {
  private final Clock clock;
  private final Map<String, Duration> ahead = new LinkedHashMap<>();

  ClockPart(Clock clock) {
    this.clock = clock;
  }

  /** Just after the answer came. */
  void saw(String who, Optional<Instant> date) {
    date.ifPresent(there -> ahead.putIfAbsent(who, Duration.between(clock.instant(), there)));
  }

  Step look() {
    if (ahead.isEmpty()) {
      return Step.leftOut(Step.Part.CLOCK, "nobody says what time it is (Date)");
    }
    List<Flaw> flaws = new ArrayList<>();
    ahead.forEach(
        (who, by) -> {
          if (by.abs().compareTo(IssuerProbe.CLOCKS) > 0) {
            flaws.add(
                new Flaw(
                    "the clock of " + who + " is " + told(by),
                    "RFC 7519 sections 4.1.4 to 4.1.6",
                    "one of the two machines does not keep time (NTP): tokens are over too early,"
                        + " or not yet good"));
          }
        });
    String found =
        flaws.isEmpty()
            ? "within " + IssuerProbe.CLOCKS.toSeconds() + " s of here: "
            : "as compared with here: ";
    return Step.of(Step.Part.CLOCK, found + String.join(", ", ahead.keySet()), flaws);
  }

  private static String told(Duration by) {
    return by.abs().toSeconds() + " s " + (by.isNegative() ? "behind" : "ahead");
  }
}
