package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Handler;
import dev.sallyport.upstream.Isolation;
import java.util.regex.Pattern;

/**
 * One of the servers of an endpoint.
 *
 * @param prefix what its tools, prompts and resources begin with: 1 to 24 small letters, digits and
 *     hyphens, no hyphen at either end, so that the first {@code __} of a name ends it
 * @param isolation who shares a process or session of it, and so what one of them says of itself
 * @param rules which of its tools are offered
 */
public record Member(String prefix, Handler server, Isolation isolation, ToolRules rules) {
  private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?");

  public Member {
    if (!isPrefix(prefix)) {
      throw new IllegalArgumentException("not a prefix");
    }
  }

  /** One that each caller has a process or session of, and all of whose tools are offered. */
  public Member(String prefix, Handler server) {
    this(prefix, server, Isolation.CALLER, ToolRules.ALL);
  }

  /** Whether a text may be a prefix. */
  public static boolean isPrefix(String text) {
    return PREFIX.matcher(text).matches();
  }
}
