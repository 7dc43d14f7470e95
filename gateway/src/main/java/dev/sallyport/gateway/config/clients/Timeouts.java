package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.ConfigText;
import dev.sallyport.gateway.config.YamlGroup;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes how long a call may take, which is a number to clients, of seconds or milliseconds. */
final class Timeouts {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(24);

  private Timeouts() {}

  static void write(ServerEntry entry, Client client, YamlGroup out) {
    Optional<String> seconds = entry.text("tool_timeout_sec");
    Optional<String> number = entry.text("timeout");
    if (seconds.isPresent()) {
      write(entry, "tool_timeout_sec", seconds.get(), THOUSAND, out);
    } else if (number.isPresent()) {
      switch (client.timeouts()) {
        case MILLISECONDS -> write(entry, "timeout", number.get(), BigDecimal.ONE, out);
        case SECONDS -> write(entry, "timeout", number.get(), THOUSAND, out);
        case UNCLEAR ->
            entry.remark(
                "timeout",
                "is left out: seconds to some clients, milliseconds to others; write  timeout:"
                    + " 60s");
      }
    }
  }

  private static void write(
      ServerEntry entry, String key, String number, BigDecimal unit, YamlGroup out) {
    if (!NUMBER.matcher(number).matches()) {
      entry.remark(key, "is left out: it is not a number");
      return;
    }
    Duration meant = Duration.ofMillis(new BigDecimal(number).multiply(unit).longValue());
    Duration time = meant.compareTo(LEAST) < 0 ? LEAST : meant.compareTo(MOST) > 0 ? MOST : meant;
    String text = ConfigText.time(time);
    out.put("timeout", text);
    entry.remark(key, "is " + text + " here" + (time.equals(meant) ? "" : ": from 1s to 24h"));
  }
}
