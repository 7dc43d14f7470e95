package dev.sallyport.cli;

import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.UpstreamOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "share",
    description = "Share one stdio MCP server over Streamable HTTP, with every caller checked.",
    customSynopsis = "sallyport share [OPTIONS] -- COMMAND [ARGUMENT]...",
    footer = {
      "",
      "Examples:",
      "  sallyport share -- npx -y @modelcontextprotocol/server-filesystem ./notes",
      "  sallyport share --listen :8443 --tls-cert c.pem --tls-key k.pem --keys -- ./my-server"
          + " --flag",
      "",
      "The command gets a scrubbed environment: PATH, HOME, language and time zone, and what --env"
          + " names."
    },
    mixinStandardHelpOptions = true)
final class ShareCommand implements Callable<Integer> {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Sallyport.Surroundings surroundings;

  @Mixin private ServeFlags serve = new ServeFlags();

  @Mixin private ChildFlags children = new ChildFlags();

  @Option(
      names = "--keys",
      description = "no key is made for you; those of `sallyport keys list` open it")
  private boolean keysOnly;

  @Option(names = "--no-auth", description = "check nobody; loopback only")
  private boolean noAuth;

  @Option(names = "--name", description = "what clients may call it (default: from the command)")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--era",
      paramLabel = "ERA",
      defaultValue = "auto",
      description = "what the command speaks: auto, legacy or modern (default: ${DEFAULT-VALUE})")
  private String era = "auto";

  @Option(
      names = "--env",
      paramLabel = "NAME[=VALUE]",
      description = "give the command this variable, with a value or as it is here; repeatable")
  private List<String> env = List.of();

  @Option(names = "--cwd", paramLabel = "DIR", description = "the command's working directory")
  private Optional<Path> cwd = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long a call may be silent (default: ${DEFAULT-VALUE})")
  private int timeout = 60;

  @Parameters(
      paramLabel = "COMMAND",
      description = "the server's command and its arguments; no shell is involved",
      arity = "1..*")
  private List<String> command = List.of();

  ShareCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws CliFault {
    if (timeout < 1) {
      throw new CliFault(CliFault.USAGE, "--timeout is at least 1");
    }
    if (noAuth && keysOnly) {
      throw new CliFault(CliFault.USAGE, "--keys and --no-auth contradict each other");
    }
    String shownAs = name.orElseGet(() -> ServerName.of(command));
    if (!shownAs.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,40}")) {
      throw new CliFault(
          CliFault.USAGE,
          "--name is 1 to 41 of A-Z a-z 0-9 _ - and starts with a letter or a digit");
    }
    Share.Settings settings =
        new Share.Settings(
            shownAs,
            childCommand(),
            UpstreamOptions.DEFAULT
                .withEra(eraChoice(era))
                .withCallTimeout(Duration.ofSeconds(timeout))
                .withSharing(children.read()),
            serve.read(),
            noAuth
                ? Share.Callers.NOT_CHECKED
                : keysOnly ? Share.Callers.WITH_EXISTING_KEYS : Share.Callers.WITH_KEY_FOR_A_DAY,
            (screen, url, key) -> hints(screen, shownAs, url, key));
    return new Share(surroundings, settings).run();
  }

  private ChildCommand childCommand() throws CliFault {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> inherited = new ArrayList<>();
    for (String each : env) {
      int equals = each.indexOf('=');
      String variable = equals < 0 ? each : each.substring(0, equals);
      if (!VARIABLE.matcher(variable).matches()) {
        throw new CliFault(CliFault.USAGE, "--env " + variable + " is not a variable's name");
      }
      if (equals >= 0) {
        values.put(variable, each.substring(equals + 1));
      } else if (surroundings.environment().containsKey(variable)) {
        inherited.add(variable);
      } else {
        throw new CliFault(
            CliFault.USAGE,
            "--env "
                + variable
                + ": there is no such variable here; give it a value with --env "
                + variable
                + "=VALUE");
      }
    }
    if (cwd.isPresent() && !Files.isDirectory(cwd.get())) {
      throw new CliFault(CliFault.USAGE, "--cwd " + cwd.get() + " is not a directory");
    }
    return new ChildCommand(command, values, inherited, cwd);
  }

  static EraChoice eraChoice(String text) throws CliFault {
    return switch (text) {
      case "auto" -> EraChoice.AUTO;
      case "legacy" -> EraChoice.LEGACY;
      case "modern" -> EraChoice.MODERN;
      default ->
          throw new CliFault(
              CliFault.USAGE, "--era " + text + " is not one of auto, legacy, modern");
    };
  }

  private static void hints(Screen screen, String name, String url, Optional<String> key) {
    screen.say("  another client here:   " + ClientConfigCommand.claudeCode(name, url, key));
    if (key.isPresent()) {
      screen.say(
          "  a second person:       sallyport keys add NAME      (and, from another machine:"
              + " --listen :8443 --tls-cert c.pem --tls-key k.pem)");
    }
    String variable = key.map(secret -> "SALLYPORT_KEY=" + secret + " ").orElse("");
    screen.say("  from the shell:        " + variable + "sallyport try " + url);
    screen.say(
        "  other clients:         sallyport client-config CLIENT --url " + url + " --name " + name);
    screen.say("  stop:                  Ctrl-C");
  }
}
