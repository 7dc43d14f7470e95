package dev.sallyport.cli;

import dev.sallyport.protocol.ProtocolVersion;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(
    name = "version",
    description = "Print the version, the Java it runs on and the protocol versions it speaks.",
    footer = {"", "Example:", "  sallyport version"},
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  private final Sallyport.Surroundings surroundings;

  VersionCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    for (String line : lines()) {
      surroundings.screen().answer(line);
    }
    return 0;
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

  /** The span of all versions. */
  static String all() {
    ProtocolVersion[] versions = ProtocolVersion.values();
    return versions[0].text() + " … " + versions[versions.length - 1].text();
  }

  private static String[] lines() {
    return new String[] {
      "sallyport " + number(),
      "Java "
          + Runtime.version().feature()
          + " ("
          + System.getProperty("java.vendor", "unknown vendor")
          + ")",
      "MCP " + all()
    };
  }

  /** The same lines for {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return lines();
    }
  }
}
