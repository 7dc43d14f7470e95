package dev.sallyport.cli;

import dev.sallyport.gateway.config.YamlGroup;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.http.RemoteServer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which server elsewhere is meant, and what it is told with each request. */
final class RemoteFlags {
  private static final Flag HEADER =
      Flag.taking(
              "header",
              "NAME: VALUE",
              "say this with each request to the URL; ${VARIABLE} in a value is taken from here")
          .repeatable();

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private RemoteFlags() {}

  static FlagGroup group() {
    return new FlagGroup(
        "A server at a URL", Stream.concat(Stream.of(HEADER), Reach.FLAGS.stream()).toList());
  }

  /** Empty when a command is meant. */
  static Optional<HttpUrl> url(Arguments arguments) throws CliFault {
    String first = arguments.operands().getFirst();
    if (!first.matches("(?i)https?://.*")) {
      for (Flag flag : group().flags()) {
        if (arguments.has(flag)) {
          throw new CliFault(
              CliFault.USAGE, flag.written() + " is for a server at a URL, and this is a command");
        }
      }
      return Optional.empty();
    }
    Optional<HttpUrl> url = HttpUrl.of(first);
    if (url.isEmpty()) {
      throw new CliFault(
          CliFault.USAGE,
          first.replaceFirst("//[^/@]*@", "//…@")
              + " is not a URL that can be asked: https://HOST[:PORT]/PATH, without user or #",
          "what it wants to be told goes into --header \"NAME: VALUE\"");
    }
    if (arguments.operands().size() > 1) {
      throw new CliFault(
          CliFault.USAGE, "one URL at a time, and nothing after it: options come before");
    }
    return url;
  }

  /**
   * @param ofCommands flags that make no sense for it
   */
  static Offered.Remote read(
      Arguments arguments, HttpUrl url, Map<String, String> environment, List<Flag> ofCommands)
      throws CliFault {
    for (Flag flag : ofCommands) {
      if (arguments.has(flag)) {
        throw new CliFault(
            CliFault.USAGE,
            flag.written() + " is for a command that is run here, and this is a URL");
      }
    }
    HttpFields fields = HttpFields.empty();
    for (String header : arguments.texts(HEADER)) {
      fields = with(fields, header, environment);
    }
    return new Offered.Remote(url, fields, Reach.read(arguments, url, environment));
  }

  private static HttpFields with(HttpFields fields, String header, Map<String, String> environment)
      throws CliFault {
    int colon = header.indexOf(':');
    String name = header.substring(0, Math.max(colon, 0)).strip();
    if (RemoteServer.says(name)) {
      throw new CliFault(CliFault.USAGE, "--header " + name + " is said by Sallyport itself");
    }
    try {
      return fields.with(name, expanded(name, header.substring(colon + 1), environment));
    } catch (IllegalArgumentException malformed) {
      // Not shown: the value is most often a secret.
      throw new CliFault(
          CliFault.USAGE, "--header is NAME: VALUE, for example  'Authorization: Bearer ${TOKEN}'");
    }
  }

  /** Names of the variables that headers hold. */
  static Set<String> variables(Arguments arguments) {
    Set<String> names = new LinkedHashSet<>();
    for (String header : arguments.texts(HEADER)) {
      VARIABLE.matcher(header).results().forEach(found -> names.add(found.group(1)));
    }
    return names;
  }

  /** The headers as a file has them: variables are put in when it is read. */
  static Map<String, String> written(Arguments arguments) throws CliFault {
    Map<String, String> written = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (String header : arguments.texts(HEADER)) {
      int colon = header.indexOf(':');
      String name = header.substring(0, Math.max(colon, 0)).strip();
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new CliFault(CliFault.USAGE, "a file has no header twice: --header " + name);
      }
      Matcher variables = VARIABLE.matcher(header.substring(colon + 1).strip());
      StringBuilder text = new StringBuilder();
      while (variables.find()) {
        StringBuilder before = new StringBuilder();
        variables.appendReplacement(before, "");
        text.append(YamlGroup.literal(before.toString())).append(variables.group());
      }
      StringBuilder rest = new StringBuilder();
      variables.appendTail(rest);
      written.put(name, text + YamlGroup.literal(rest.toString()));
    }
    return written;
  }

  private static String expanded(String name, String value, Map<String, String> environment)
      throws CliFault {
    Matcher variables = VARIABLE.matcher(value);
    StringBuilder expanded = new StringBuilder();
    while (variables.find()) {
      Optional<String> found = Optional.ofNullable(environment.get(variables.group(1)));
      if (found.isEmpty()) {
        throw new CliFault(
            CliFault.USAGE,
            "--header " + name + ": there is no variable " + variables.group(1) + " here");
      }
      variables.appendReplacement(expanded, Matcher.quoteReplacement(found.get()));
    }
    return variables.appendTail(expanded).toString();
  }
}
