package dev.sallyport.cli;

import dev.sallyport.gateway.config.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code sallyport} command: chooses a command, and says in one way what went wrong in it. */
public final class Sallyport implements Family {
  /** A property of the JDK, described at {@link Thread}. */
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  private final Surroundings surroundings;

  Sallyport(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public static void main(String[] args) {
    shareProcessors();
    int code = run(Surroundings.ofProcess(), args);
    ErrorLines.OF_PROCESS.flush();
    // Not for 0: Java logs an exit, and would start all of logging to find out where.
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Event loops have half of the processors, and the threads that serve have the others: more
   * carriers than processors are left only wake each other. Before the first virtual thread.
   */
  private static void shareProcessors() {
    int processors = Runtime.getRuntime().availableProcessors();
    if (System.getProperty(CARRIERS) == null) {
      System.setProperty(CARRIERS, Integer.toString((processors + 1) / 2));
    }
  }

  static int run(Surroundings surroundings, String... words) {
    Screen screen = surroundings.screen();
    try {
      return new Sallyport(surroundings).choose(List.of(words));
    } catch (CliFault fault) {
      ErrorLines.OF_PROCESS.flush(); // What led to it comes first.
      screen.fail(fault);
      return fault.exitCode();
    } catch (RuntimeException unexpected) {
      return broke(screen, surroundings.environment(), unexpected);
    }
  }

  /** Of a fault of ours: says what to do, and where it was if that is wanted. */
  private static int broke(
      Screen screen, Map<String, String> environment, RuntimeException unexpected) {
    screen.fail(
        new CliFault(
            CliFault.FAILURE,
            "something went wrong inside Sallyport: " + unexpected.getClass().getSimpleName(),
            "set SALLYPORT_DEBUG=1 to see where, and please report it"));
    if (environment.containsKey("SALLYPORT_DEBUG")) {
      screen.say(unexpected.toString());
      for (StackTraceElement frame : unexpected.getStackTrace()) {
        screen.say("  at " + frame);
      }
    }
    return CliFault.FAILURE;
  }

  private int choose(List<String> words) throws CliFault {
    Command command = this;
    int chosen = 0;
    while (command instanceof Family family
        && chosen < words.size()
        && !words.get(chosen).startsWith("-")) {
      String word = words.get(chosen++);
      command = family.member(word).orElseThrow(() -> family.noMember(word));
    }
    Arguments arguments = ArgumentParser.parse(command, words.subList(chosen, words.size()));
    if (arguments.has(Flag.HELP)) {
      Help.print(command, surroundings.screen());
      return 0;
    }
    if (arguments.has(Flag.VERSION)) {
      return new VersionCommand(surroundings).run(arguments);
    }
    return command.run(arguments);
  }

  @Override
  public int run(Arguments arguments) {
    Help.print(this, surroundings.screen());
    return 0;
  }

  @Override
  public List<String> members() {
    return List.of(
        "share",
        "serve",
        "demo",
        "config",
        "import",
        "keys",
        "revoke",
        "try",
        "doctor",
        "status",
        "client-config",
        "version");
  }

  @Override
  public Optional<Command> member(String name) {
    return switch (name) {
      case "share" -> Optional.of(new ShareCommand(surroundings));
      case "serve" -> Optional.of(new ServeCommand(surroundings));
      case "demo" -> Optional.of(new DemoCommand(surroundings));
      case "config" -> Optional.of(new ConfigCommand(surroundings));
      case "import" -> Optional.of(new ImportCommand(surroundings));
      case "keys" -> Optional.of(new KeysCommand(surroundings));
      case "revoke" -> Optional.of(new RevokeCommand(surroundings));
      case "try" -> Optional.of(new TryCommand(surroundings));
      case "doctor" -> Optional.of(new DoctorCommand(surroundings));
      case "status" -> Optional.of(new StatusCommand(surroundings));
      case "client-config" -> Optional.of(new ClientConfigCommand(surroundings));
      case "version" -> Optional.of(new VersionCommand(surroundings));
      default -> Optional.empty();
    };
  }

  @Override
  public CliFault noMember(String word) {
    return misused(
        "there is no command "
            + word
            + Nearest.to(word, members()).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  @Override
  public String path() {
    return "";
  }

  @Override
  public String summary() {
    return "Share any MCP server, safely.";
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport share -- npx -y @modelcontextprotocol/server-filesystem ./notes");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "Exit codes: 0 ok, 1 failure, 2 usage, 69 upstream unavailable, 77 permission, 78 refused"
            + " configuration, 126/127 the server's command cannot be executed or found.");
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

    /** Of a command that serves. */
    Surroundings ofService() {
      return new Surroundings(environment, userHome, user, screen.ofService());
    }
  }
}
