package dev.sallyport.server;

import dev.sallyport.protocol.ProtocolVersion.Era;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the command line of a server asks for. */
sealed interface RunOptions {
  String HELP =
      """
      Serves MCP over standard input and output, or over HTTP on this machine.

        --stdio            over standard input and output; the same as no option
        --http HOST:PORT   over Streamable HTTP at http://HOST:PORT/mcp; port 0 picks a free one.
                           Once it is ready, one line of JSON on standard output says where.
                           Loopback hosts only, and callers are not checked: this is for trying
                           things out. To give others access:  sallyport share -- COMMAND
        --era ERA          legacy, modern or both (default): which protocol versions it speaks
        --help             this text

      Example:  --http 127.0.0.1:0
      """;

  /** One client, over the pipe this program was started with. */
  record Stdio(Set<Era> eras) implements RunOptions {}

  /** Clients on this machine. */
  record Http(String host, int port, Set<Era> eras) implements RunOptions {}

  record Help() implements RunOptions {}

  /**
   * Nothing that can be done.
   *
   * @param why one line
   */
  record Unclear(String why) implements RunOptions {}

  static RunOptions of(String... args) {
    return new Parser(args).options();
  }

  /** Goes through the arguments once. */
  final class Parser {
    private static final Map<String, Set<Era>> ERAS =
        Map.of(
            "legacy", Set.of(Era.LEGACY),
            "modern", Set.of(Era.MODERN),
            "both", Set.of(Era.values()));
    private static final Pattern ADDRESS =
        Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:]+):([0-9]{1,5})");

    private final Deque<String> rest;

    Parser(String... args) {
      rest = new ArrayDeque<>(Arrays.asList(args));
    }

    RunOptions options() {
      Set<Era> eras = Set.of(Era.values());
      String address = "";
      while (!rest.isEmpty()) {
        String option = rest.poll();
        switch (option) {
          case "--stdio" -> address = "";
          case "--http" -> {
            address = value();
            if (!ADDRESS.matcher(address).matches()) {
              return new Unclear("--http needs HOST:PORT, for example 127.0.0.1:0");
            }
          }
          case "--era" -> {
            eras = ERAS.getOrDefault(value(), Set.of());
            if (eras.isEmpty()) {
              return new Unclear("--era needs one of legacy, modern, both");
            }
          }
          case "--help", "-h" -> {
            return new Help();
          }
          default -> {
            return new Unclear("unknown option " + option);
          }
        }
      }
      return address.isEmpty() ? new Stdio(eras) : http(address, eras);
    }

    private String value() {
      return rest.isEmpty() ? "" : rest.pop();
    }

    private static RunOptions http(String address, Set<Era> eras) {
      Matcher parts = ADDRESS.matcher(address);
      if (!parts.matches()) {
        throw new IllegalArgumentException("not an address");
      }
      int port = Integer.parseInt(parts.group(2));
      return port > 65_535
          ? new Unclear("a port is at most 65535")
          : new Http(parts.group(1).replaceAll("[\\[\\]]", ""), port, eras);
    }
  }
}
