package dev.sallyport.gateway.federation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What one server's tools, or its prompts, are called on an endpoint of several: {@code
 * PREFIX__NAME}. A name that is too long for models, or has characters that MCP does not know in
 * names, is cut and told apart by a part of its hash; what it stands for is looked up, never parsed
 * (mcp-reference 2.7.3). Thread-safe.
 */
final class Names {
  static final String SEPARATOR = "__";

  /** Several models take no longer name of a tool. */
  private static final int LONGEST = 64;

  private static final int LONGEST_ORIGINAL = 1_024;
  private static final int HASH = 8;
  private static final int MOST_STANDING_IN = 10_000;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern STANDING_IN = Pattern.compile(".*_[0-9a-f]{8}");
  private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9_.-]");

  private final String head;
  private final Map<String, String> standingIn = new ConcurrentHashMap<>();

  Names(String prefix) {
    this.head = prefix + SEPARATOR;
  }

  /** The prefix of a name on the endpoint; empty when it has none. */
  static Optional<String> prefix(String exposed) {
    int end = exposed.indexOf(SEPARATOR);
    return end < 0 ? Optional.empty() : Optional.of(exposed.substring(0, end));
  }

  /** Empty for one that is too long, and when so many are strange that no more are kept. */
  Optional<String> exposed(String original) {
    if (original.length() > LONGEST_ORIGINAL) {
      return Optional.empty();
    }
    if (head.length() + original.length() <= LONGEST && PLAIN.matcher(original).matches()) {
      return Optional.of(head + original);
    }
    String safe = STRANGE.matcher(original).replaceAll("_");
    int room = LONGEST - head.length() - HASH - 1;
    String name = safe.substring(0, Math.min(room, safe.length())) + "_" + hash(original);
    if (standingIn.size() >= MOST_STANDING_IN && !standingIn.containsKey(name)) {
      return Optional.empty();
    }
    standingIn.put(name, original);
    return Optional.of(head + name);
  }

  /**
   * Whether this is what the name of something is here, and not its server's own one that another
   * stands in for: rules are written for the names that are listed.
   */
  boolean isExposed(String exposed) {
    String name = exposed.substring(head.length());
    return standingIn.containsKey(name)
        || (exposed.length() <= LONGEST && PLAIN.matcher(name).matches());
  }

  /** The server's own name for one of ours. */
  String original(String exposed) {
    String name = exposed.substring(head.length());
    return standingIn.getOrDefault(name, name);
  }

  /** Whether a name looks like one that stands in for another, which we have not seen listed. */
  boolean needsList(String exposed) {
    String name = exposed.substring(head.length());
    return STANDING_IN.matcher(name).matches() && !standingIn.containsKey(name);
  }

  private static String hash(String original) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(original.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
