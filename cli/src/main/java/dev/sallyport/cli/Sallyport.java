package dev.sallyport.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code sallyport} command. */
@Command(
    name = "sallyport",
    description = "Share any MCP server, safely.",
    subcommands = {
      ShareCommand.class,
      DemoCommand.class,
      KeysCommand.class,
      TryCommand.class,
      StatusCommand.class,
      ClientConfigCommand.class,
      VersionCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example:",
      "  sallyport share -- npx -y @modelcontextprotocol/server-filesystem ./notes",
      "",
      "Exit codes: 0 ok, 1 failure, 2 usage, 69 upstream unavailable, 77 permission, 78 refused"
          + " configuration,",
      "126/127 the server's command cannot be executed or found."
    })
public final class Sallyport implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  Sallyport() {}

  public static void main(String[] args) {
    System.exit(run(Surroundings.ofProcess(), args));
  }

  static int run(Surroundings surroundings, String... args) {
    CommandLine line = new CommandLine(new Sallyport(), new Commands(surroundings));
    Screen screen = surroundings.screen();
    line.setOut(new PrintWriter(screen.answers(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(screen.remarks(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(screen.hasColour() ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((exception, _) -> usage(screen, exception));
    line.setExecutionExceptionHandler((exception, _, _) -> failure(surroundings, exception));
    return line.execute(args);
  }

  private static int usage(Screen screen, ParameterException exception) {
    String name = exception.getCommandLine().getCommandSpec().qualifiedName();
    screen.fail(
        new CliFault(
            CliFault.USAGE,
            String.valueOf(exception.getMessage()).lines().findFirst().orElse("bad usage"),
            "see:  " + name + " --help"));
    return CliFault.USAGE;
  }

  private static int failure(Surroundings surroundings, Exception exception) {
    if (exception instanceof CliFault fault) {
      surroundings.screen().fail(fault);
      return fault.exitCode();
    }
    surroundings
        .screen()
        .fail(
            new CliFault(
                CliFault.FAILURE,
                "something went wrong inside Sallyport: " + exception.getClass().getSimpleName(),
                "set SALLYPORT_DEBUG=1 to see where, and please report it"));
    if (surroundings.environment().containsKey("SALLYPORT_DEBUG")) {
      surroundings.screen().say(exception.toString());
      for (StackTraceElement frame : exception.getStackTrace()) {
        surroundings.screen().say("  at " + frame);
      }
    }
    return CliFault.FAILURE;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Hands every command what it may touch of the outside. */
  private static final class Commands implements CommandLine.IFactory {
    private final Surroundings surroundings;

    Commands(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (java.lang.reflect.Constructor<?> constructor : type.getDeclaredConstructors()) {
        Class<?>[] parameters = constructor.getParameterTypes();
        if (parameters.length == 1 && parameters[0] == Surroundings.class) {
          return type.cast(constructor.newInstance(surroundings));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** What a command may touch of the outside: environment, terminal, data directory. */
  record Surroundings(
      Map<String, String> environment, String userHome, String user, Screen screen) {
    static Surroundings ofProcess() {
      Map<String, String> environment = System.getenv();
      return new Surroundings(
          environment,
          System.getProperty("user.home", ""),
          System.getProperty("user.name", ""),
          Screen.ofProcess(environment));
    }
  }
}
