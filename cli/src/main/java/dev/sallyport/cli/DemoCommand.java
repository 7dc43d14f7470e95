package dev.sallyport.cli;

import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.UpstreamOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sallyport demo}: the order assistant that comes along, shared. */
final class DemoCommand implements Command {
  static final String NAME = "order-assistant";

  private static final String JAVA = "SALLYPORT_JAVA_HOME";
  private static final Flag CHECK =
      Flag.on(
          "check",
          "drive it as a client over stdio and HTTP in both eras, compare the results, and end");

  private final Sallyport.Surroundings surroundings;

  DemoCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "demo";
  }

  @Override
  public String summary() {
    return "Share the bundled order assistant, to see how it all looks.";
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of("The demo", CHECK),
        ServeFlags.listening(),
        SandboxFlags.group(),
        ServeFlags.output());
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport demo", "sallyport demo --check");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    // Our own Java will do: the one that a search would find may be in the home folder.
    String java = Path.of(System.getProperty("java.home")).toAbsolutePath().toString();
    List<String> command = List.of(example().toString(), "--stdio");
    if (arguments.has(CHECK)) {
      return new DemoCheck(surroundings, command, asShared(java, command)).run();
    }
    Share.Settings settings =
        new Share.Settings(
            NAME,
            new Offered.Command(
                new ChildCommand(command, Map.of(JAVA, java), List.of(), Optional.empty()),
                SandboxFlags.read(arguments, surroundings, NAME)
                    .withRead(List.of(home(), Path.of(java)))),
            UpstreamOptions.DEFAULT,
            ServeFlags.read(arguments),
            Share.Callers.WITH_KEY_FOR_THIS_RUN,
            List.of(),
            DemoCommand::hints);
    return new Share(surroundings, settings).run();
  }

  /** As {@code sallyport share} would share it, so that this is what is checked. */
  private Share.Settings asShared(String java, List<String> command) throws CliFault {
    List<String> words = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
    words.addAll(List.of("--allow-read", home().toString(), "--allow-read", java));
    words.addAll(List.of("--env", JAVA + "=" + java, "--"));
    words.addAll(command);
    ShareCommand share = new ShareCommand(surroundings);
    return share.settings(ArgumentParser.parse(share, words));
  }

  /** The launcher says where it lives; without it there is no example to share. */
  private static Path example() throws CliFault {
    Path script = home().resolve(Path.of("examples", NAME, "run"));
    if (!Files.isExecutable(script)) {
      throw new CliFault(
          CliFault.NOT_FOUND,
          "the order assistant is not here; run  ./sallyport demo  in a checkout of Sallyport");
    }
    return script;
  }

  private static Path home() {
    return Path.of(System.getProperty("sallyport.home", ".")).toAbsolutePath().normalize();
  }

  private static void hints(Screen screen, String url, Optional<String> key) {
    String call =
        key.map(secret -> "SALLYPORT_KEY=" + secret + " ").orElse("") + "sallyport try " + url;
    screen.say("  ask it something:      " + call + " lookup_order orderId=1001");
    screen.say("  see its tools:         " + call);
    screen.say("  use it from a client:  " + ClientConfigCommand.claudeCode(NAME, url, key));
    screen.say("  share your own:        sallyport share -- COMMAND");
    screen.say("  stop:                  Ctrl-C");
  }
}
