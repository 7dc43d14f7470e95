package dev.sallyport.bench;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/** What is said after the id, prepared once: a comma, the result or the error, the end. */
final class Results {
  private static final String FILLER =
      "All work and no play makes a gateway dull, so this one carries a sentence of some length and"
          + " a few \\\"quoted\\\" words. ";

  private static final String COMPLETE =
      "\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
          + "{\"name\":\"bench-echo\",\"version\":\"1.0.0\"}}";

  private static final String CACHED = ",\"ttlMs\":0,\"cacheScope\":\"private\"";

  static final ByteBuf DISCOVERED =
      result(
          COMPLETE
              + ",\"supportedVersions\":[\"2026-07-28\"]"
              + ",\"capabilities\":{\"tools\":{\"listChanged\":true}}"
              + CACHED);

  static final ByteBuf TOOLS =
      result(
          COMPLETE
              + ",\"tools\":[{\"name\":\"echo\",\"description\":\"Gives a result of so many bytes\""
              + ",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"bytes\":{\"type\":"
              + "\"integer\"}},\"required\":[\"bytes\"]}},{\"name\":\"stream\",\"description\":"
              + "\"Tells of its progress\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
              + "\"events\":{\"type\":\"integer\"},\"everyMs\":{\"type\":\"integer\"}},"
              + "\"required\":[\"events\",\"everyMs\"]}}]"
              + CACHED);

  static final ByteBuf STREAMED =
      result(COMPLETE + ",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]");

  static final ByteBuf UNKNOWN_METHOD = error(-32601, "Unknown here");
  static final ByteBuf INVALID = error(-32602, "No such tool, or not a size that was prepared");

  private static final Map<String, ByteBuf> OF_BYTES =
      Map.of("400", echo(400), "10000", echo(10_000), "1000000", echo(1_000_000));

  private Results() {}

  /** The result of {@code echo}, or an error when that many bytes were not prepared. */
  static ByteBuf ofBytes(String bytes) {
    return OF_BYTES.getOrDefault(bytes, INVALID);
  }

  /** A result that is, braces and all, of {@code bytes} bytes. */
  private static ByteBuf echo(int bytes) {
    String start = COMPLETE + ",\"content\":[{\"type\":\"text\",\"text\":\"";
    String end = "\"}]";
    int room = bytes - start.length() - end.length() - 2;
    String text = FILLER.repeat(room / FILLER.length());
    return result(start + text + "-".repeat(room - text.length()) + end);
  }

  private static ByteBuf result(String members) {
    return EchoUpstream.prepared(",\"result\":{" + members + "}}");
  }

  private static ByteBuf error(int code, String message) {
    return EchoUpstream.prepared(
        ",\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\"}}");
  }
}
