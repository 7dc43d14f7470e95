package dev.sallyport.downstream;

import dev.sallyport.protocol.Memo;
import dev.sallyport.transport.http.HttpFields;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a client reads, by its {@code Accept}: nothing said is both (4-T18).
 *
 * @param json a single JSON object
 * @param events an event stream
 */
public record AcceptedTypes(boolean json, boolean events) {
  private static final Pattern ZERO = Pattern.compile("q\\s*=\\s*0(\\.0{0,3})?");

  private static final Memo<List<String>, AcceptedTypes> READ = new Memo<>(AcceptedTypes::read);

  public static AcceptedTypes of(HttpFields fields) {
    return READ.of(fields.all("Accept"));
  }

  private static AcceptedTypes read(List<String> values) {
    if (values.isEmpty()) {
      return new AcceptedTypes(true, true);
    }
    String all = String.join(",", values).toLowerCase(Locale.ROOT);
    return new AcceptedTypes(
        takes(all, "application/json", "application/*"), takes(all, "text/event-stream", "text/*"));
  }

  public boolean nothing() {
    return !json && !events;
  }

  private static boolean takes(String accept, String type, String family) {
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      String name = parts[0].strip();
      if ((name.equals(type) || name.equals(family) || name.equals("*/*")) && !isZero(parts)) {
        return true;
      }
    }
    return false;
  }

  /** A quality of zero means "not this" (RFC 9110 section 12.4.2). */
  private static boolean isZero(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (ZERO.matcher(parts[i].strip()).matches()) {
        return true;
      }
    }
    return false;
  }
}
