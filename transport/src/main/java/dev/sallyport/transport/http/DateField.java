package dev.sallyport.transport.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** The value of {@code Date} (RFC 9110, 6.6.1), made once a second. Thread-safe. */
final class DateField {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Made(long second, String text) {}

  private final InstantSource clock;
  private final AtomicReference<Made> last = new AtomicReference<>(new Made(-1, ""));

  DateField(InstantSource clock) {
    this.clock = clock;
  }

  String now() {
    Instant instant = clock.instant();
    Made made = last.get();
    if (made.second != instant.getEpochSecond()) {
      made = new Made(instant.getEpochSecond(), FORMAT.format(instant));
      last.set(made);
    }
    return made.text;
  }
}
