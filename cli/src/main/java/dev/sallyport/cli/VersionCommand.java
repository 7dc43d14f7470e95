package dev.sallyport.cli;

import dev.sallyport.protocol.ProtocolVersion;
import java.util.List;
import java.util.Optional;

/** {@code sallyport version}, and what others say about versions. */
final class VersionCommand implements Command {
  private final Sallyport.Surroundings surroundings;

  VersionCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "version";
  }

  @Override
  public String summary() {
    return "Print the version, the Java it runs on and the protocol versions it speaks.";
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport version");
  }

  @Override
  public int run(Arguments arguments) {
    for (String line : lines()) {
      surroundings.screen().answer(line);
    }
    return 0;
  }

  /** What a report of a fault should say. */
  static List<String> lines() {
    return List.of(
        "sallyport " + number(),
        "Java "
            + Runtime.version().feature()
            + " ("
            + System.getProperty("java.vendor", "unknown vendor")
            + ")",
        "MCP " + all());
  }

  /** The released version, as the jar's manifest has it. */
  static String number() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** The span of versions that an endpoint over Streamable HTTP speaks. */
  static String overHttp() {
    return ProtocolVersion.ASSUMED_LEGACY.text() + " … " + ProtocolVersion.LATEST_MODERN.text();
  }

  /** The version whose only transport over HTTP was another one. */
  static String oldest() {
    return ProtocolVersion.V2024_11_05.text();
  }

  /** The span of all versions. */
  static String all() {
    ProtocolVersion[] versions = ProtocolVersion.values();
    return oldest() + " … " + versions[versions.length - 1].text();
  }
}
