package dev.sallyport.gateway.config;

import dev.sallyport.gateway.Cidr;
import dev.sallyport.transport.outbound.DirectHosts;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundProxy;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that do not depend on this machine. */
final class Kinds {
  private static final Pattern TIME = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h|d)");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,15}");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,20}");
  private static final Pattern PART = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,17})?");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

  /** Any text, as it is written: a number stays the digits that stand there. */
  static final Kind<String> AS_WRITTEN =
      new Kind<>(
          Set.of(Node.Type.TEXT, Node.Type.WHOLE, Node.Type.DECIMAL, Node.Type.BOOLEAN),
          "plain text",
          "",
          text -> Optional.of(text).filter(ChildCommand::canHold));

  static final Kind<Boolean> BOOLEAN =
      new Kind<>(
          Set.of(Node.Type.BOOLEAN),
          "true or false",
          "",
          text ->
              switch (text) {
                case "true", "True", "TRUE" -> Optional.of(true);
                case "false", "False", "FALSE" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final Kind<HostPort> HOST_PORT =
      Kind.text("HOST:PORT, or :PORT for every address", "127.0.0.1:8080", HostPort::parse);

  static final Kind<AdminConfig> HOST_PORT_OR_OFF =
      Kind.text("HOST:PORT or off", "127.0.0.1:9090", AdminConfig::parse);

  static final Kind<Cidr> CIDR = Kind.text("ADDRESS/PREFIX", "10.0.0.7/32", Cidr::parse);

  static final Kind<URI> PUBLIC_URL =
      Kind.text(
          "a URL of http or https that ends with its host or port",
          "https://mcp.team.example",
          Kinds::origin);

  static final Kind<HttpUrl> URL =
      Kind.text(
          "a URL that can be asked, without user or #", "https://tickets.example/mcp", HttpUrl::of);

  static final Kind<Receiver> RECEIVER =
      Kind.text(
          "a URL of http or https without user, ? and #, or off",
          "http://127.0.0.1:4318",
          Receiver::parse);

  static final Kind<Portion> RATIO_OR_OFF =
      new Kind<>(
          Set.of(Node.Type.WHOLE, Node.Type.DECIMAL, Node.Type.TEXT),
          "a number from 0 to 1, or off",
          "0.1",
          text ->
              text.equals("off")
                  ? Optional.of(new Portion(OptionalDouble.empty()))
                  : Kinds.RATIO.parse(text).map(OptionalDouble::of).map(Portion::new),
          List.of("off"));

  static final Kind<Double> RATIO =
      new Kind<>(
          Set.of(Node.Type.WHOLE, Node.Type.DECIMAL),
          "a number from 0 to 1",
          "0.1",
          text ->
              Optional.of(plain(text))
                  .filter(some -> PART.matcher(some).matches())
                  .map(Double::parseDouble)
                  .filter(ratio -> ratio <= 1));

  static final Kind<Interval> TIME_OR_OFF =
      Kind.text(
          "a time from 1s to 1h with its unit, ms s m or h, or off",
          "60s",
          text ->
              text.equals("off")
                  ? Optional.of(new Interval(Optional.empty()))
                  : time("1s", "1h", "60s").parse(text).map(Optional::of).map(Interval::new));

  private Kinds() {}

  /** A ratio as a file has it. */
  static String plain(double ratio) {
    return new BigDecimal(Double.toString(ratio)).stripTrailingZeros().toPlainString();
  }

  /** The other ways in which YAML 1.2 writes a number (10.3.2), as the one that all know. */
  private static String plain(String number) {
    if (HEXADECIMAL.matcher(number).matches()) {
      return Long.toString(Long.parseLong(number.substring(2), 16));
    }
    if (OCTAL.matcher(number).matches()) {
      return Long.toString(Long.parseLong(number.substring(2), 8));
    }
    String unsigned = number.startsWith("+") ? number.substring(1) : number;
    return unsigned.startsWith(".") ? "0" + unsigned : unsigned;
  }

  static Kind<Integer> whole(int least, int most, int example) {
    return new Kind<>(
        Set.of(Node.Type.WHOLE),
        "a whole number from " + least + " to " + most,
        Integer.toString(example),
        text ->
            Optional.of(plain(text))
                .filter(some -> WHOLE.matcher(some).matches())
                .map(Long::parseLong)
                .filter(number -> number >= least && number <= most)
                .map(Long::intValue));
  }

  /**
   * @param least and {@code most} as they are written
   */
  static Kind<Duration> time(String least, String most, String example) {
    Duration shortest = time(least).orElseThrow();
    Duration longest = time(most).orElseThrow();
    return Kind.text(
        "a time from " + least + " to " + most + " with its unit, ms s m or h",
        example,
        text ->
            time(text)
                .filter(time -> time.compareTo(shortest) >= 0 && time.compareTo(longest) <= 0));
  }

  private static Optional<Duration> time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  /** One of some words; the map says in which order they are told, and what they mean. */
  static <T> Kind<T> choice(Map<String, T> meanings) {
    return new Kind<>(
        Set.of(Node.Type.TEXT),
        "one of " + String.join(", ", meanings.keySet()),
        "",
        text -> Optional.ofNullable(meanings.get(text)),
        List.copyOf(meanings.keySet()));
  }

  /** Text of a form. */
  static Kind<String> form(String pattern, String told, String example) {
    Pattern form = Pattern.compile(pattern);
    return Kind.text(
        told, example, text -> Optional.of(text).filter(some -> form.matcher(some).matches()));
  }

  /** A limit of a child's, as {@link ResourceLimits#with} reads it. */
  static Kind<String> limit(String name, String told, String example, Node.Type... types) {
    return new Kind<>(
        Set.of(types),
        told,
        example,
        text ->
            ResourceLimits.UNLIMITED
                .with(name + "=" + plain(text))
                .map(limited -> name + "=" + plain(text)));
  }

  /**
   * @param direct hosts that are reached without it
   */
  static Kind<ProxyChoice> proxy(DirectHosts direct) {
    return Kind.text(
        "http://[USER:PASSWORD@]HOST[:PORT], the same with socks5, or none",
        "http://proxy.example:3128",
        text ->
            text.equals("none")
                ? Optional.of(new ProxyChoice.Direct())
                : OutboundProxy.of(text, direct).map(ProxyChoice.Through::new));
  }

  private static Optional<URI> origin(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean bare =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && "".equals(url.getRawPath())
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      return http && bare && url.getPort() <= 65_535 ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException notOne) {
      return Optional.empty();
    }
  }
}
