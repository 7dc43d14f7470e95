package dev.sallyport.gateway.config;

import java.util.Map;
import java.util.Optional;

/**
 * Keys that clients write beside a server in their own files, so that such a block can be taken as
 * it is. Those that say something about the client are left alone, with a remark. Those that change
 * what the server is or what it offers are refused with what to write instead: to drop one without
 * a word would run another server, or offer more, than was asked for.
 */
public final class ForeignKeys {
  private static final String OF_CLIENT =
      " is for the client that asks its user; it opens nothing here";
  private static final String TOOLS = "say it as  tools: {allow: [...], deny: [...]}";

  static final Map<String, String> LEFT_ALONE =
      Map.ofEntries(
          // Cline, Roo Code, Kiro, Gemini CLI: which calls their user is not asked about
          Map.entry("autoApprove", OF_CLIENT),
          Map.entry("alwaysAllow", OF_CLIENT),
          Map.entry("trust", OF_CLIENT),
          // VS Code: where the entry came from, and how its author works on it
          Map.entry("gallery", " says where a client found the server; it is ignored"),
          Map.entry("version", " says what a client installed; it is ignored"),
          Map.entry("dev", " is for working on the server in an editor; it is ignored"),
          // for people
          Map.entry("description", " is for people; it is ignored"),
          Map.entry("icon", " is for people; it is ignored"));

  static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("includeTools", TOOLS),
          Map.entry("excludeTools", TOOLS),
          Map.entry("disabledTools", TOOLS),
          Map.entry("enabledTools", TOOLS),
          Map.entry(
              "envFile", "write the variables under env; ${file:/path} takes a value from a file"),
          Map.entry("transport", "say it as type, or leave it out"),
          Map.entry("transportType", "say it as type, or leave it out"),
          Map.entry("oauth", "say who we are with  headers: {Authorization: \"Bearer ${TOKEN}\"}"),
          Map.entry("auth", "say who we are with  headers: {Authorization: \"Bearer ${TOKEN}\"}"),
          Map.entry(
              "bearer_token_env_var", "say it as  headers: {Authorization: \"Bearer ${TOKEN}\"}"),
          Map.entry("http_headers", "say it as headers"),
          Map.entry("<<", "YAML 1.2 merges nothing; write the keys out"));

  private static final Map<String, String> REFUSED_AT_ROOT =
      Map.of(
          "inputs", "VS Code asks its user for them; write ${VAR} where ${input:...} stands",
          "mcp_servers", "say it as servers",
          "mcp", "its servers belong under servers, here at the top");

  private ForeignKeys() {}

  /** What to say behind a server's key that is of no use here; empty when we do not know it. */
  public static Optional<String> told(String key) {
    return Optional.ofNullable(LEFT_ALONE.get(key))
        .or(() -> Optional.ofNullable(REFUSED.get(key)).map(instead -> " is left out; " + instead));
  }

  /** What there is to say about a key that is not in the group. */
  static void tell(Keys.Group keys, Node.Entry entry, String path, Findings findings) {
    boolean server = keys.equals(Keys.SERVER);
    Optional<String> why = server ? find(LEFT_ALONE, entry) : Optional.empty();
    if (why.isPresent()) {
      findings.remark(entry.place(), path + why.get());
      return;
    }
    Optional<String> instead = Optional.empty();
    if (server) {
      instead = find(REFUSED, entry);
    } else if (keys.equals(Keys.ROOT)) {
      instead = find(REFUSED_AT_ROOT, entry);
    }
    String advice =
        instead
            .or(
                () ->
                    Nearest.to(entry.key(), keys.names()).map(near -> "did you mean " + near + "?"))
            .map(some -> "; " + some)
            .orElse("");
    findings.fault(entry.place(), path + " is not a key here" + advice);
  }

  private static Optional<String> find(Map<String, String> words, Node.Entry entry) {
    return Optional.ofNullable(words.get(entry.key()));
  }
}
