package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What keeps one server's children in. Opened once for a server, before its first child, and closed
 * after the last. Thread-safe.
 */
public final class Sandbox implements AutoCloseable {
  /** Of the environment these are the sandbox's to set, unless the operator did. */
  private static final String HOME = "HOME";

  private static final String TEMPORARY = "TMPDIR";
  private static final String JAVA = "JDK_JAVA_OPTIONS";

  private static final Sandbox NONE =
      new Sandbox(
          new Means.Nothing(),
          Optional.empty(),
          new SandboxSummary(SandboxKind.NONE, List.of(), "none", List.of()),
          Optional.empty());

  private final Means means;
  private final Optional<Parts> parts;
  private final SandboxSummary summary;
  private final Optional<Selection> selection;

  /** How children are kept in. */
  sealed interface Means {
    /** As they are. */
    record Nothing() implements Means {}

    record Bubble(Bubblewrap bubblewrap) implements Means {}

    record Kernels(Landlock landlock) implements Means {}
  }

  /** What every child's enclosure is made of. */
  record Parts(
      SandboxSettings settings,
      ServerProgram program,
      LaunchChain chain,
      View view,
      Cgroups groups,
      Optional<PrivateFolders> folders) {}

  private Sandbox(
      Means means, Optional<Parts> parts, SandboxSummary summary, Optional<Selection> selection) {
    this.means = means;
    this.parts = parts;
    this.summary = summary;
    this.selection = selection;
  }

  /**
   * @param selection that it comes from
   */
  Sandbox(Means means, Parts parts, SandboxSummary summary, Selection selection) {
    this(means, Optional.of(parts), summary, Optional.of(selection));
  }

  /** For programs that embed us and have a sandbox of their own. */
  public static Sandbox none() {
    return NONE;
  }

  /**
   * Finds the best that the choice permits and this machine has, and tries it.
   *
   * @throws SandboxException when the choice permits nothing that is to be had here
   */
  public static Sandbox open(SandboxSettings settings, ServerProgram program)
      throws SandboxException, InterruptedException {
    return new Selection(settings, program).best();
  }

  /**
   * The same, but does not try it, which takes longer than all else: for who starts something in it
   * right away, and calls {@link #tried} when that fails. What runs in it is kept in all the same.
   */
  public static Sandbox openUntried(SandboxSettings settings, ServerProgram program)
      throws SandboxException, InterruptedException {
    return new Selection(settings, program).next();
  }

  /**
   * Finds out whether anything runs in it. If not, it is not to be used any more, and the next that
   * works and keeps anything in is returned.
   *
   * @return this one, when it works
   * @throws SandboxException when the choice permits nothing that works here; it is closed
   */
  public Sandbox tried() throws SandboxException, InterruptedException {
    return selection.isPresent() ? selection.get().triedByServer(this) : this;
  }

  public SandboxSummary summary() {
    return summary;
  }

  /**
   * Makes what one child needs.
   *
   * @param mark a name of its own
   */
  public Enclosure enclose(String mark, List<String> command, Map<String, String> environment)
      throws IOException {
    if (parts.isEmpty()) {
      return new Enclosure(
          command,
          environment,
          false,
          Optional.empty(),
          new Enclosure.Remains(Optional.empty(), Optional.empty()));
    }
    return enclose(parts.get(), mark, command, new HashMap<>(environment));
  }

  private Enclosure enclose(
      Parts made, String mark, List<String> command, Map<String, String> environment)
      throws IOException {
    ControlGroup group = made.groups().make(mark, made.settings().limits());
    Optional<Path> own = Optional.empty();
    try {
      if (made.folders().isPresent()) {
        own = Optional.of(made.folders().get().child(mark));
      }
      made.settings()
          .account()
          .ifPresent(
              account -> {
                put(made, environment, "USER", account.name());
                put(made, environment, "LOGNAME", account.name());
                put(made, environment, HOME, account.home().toString());
              });
      Enclosure.Remains remains = new Enclosure.Remains(own, Optional.of(group));
      return switch (means) {
        case Means.Nothing nothing ->
            new Enclosure(
                joined(made.chain().before(group, List.of()), command),
                environment,
                false,
                Optional.empty(),
                remains);
        case Means.Bubble bubble -> bubble(made, bubble, remains, command, environment);
        case Means.Kernels kernels -> kernels(made, kernels, remains, command, environment);
      };
    } catch (IOException | RuntimeException e) {
      new Enclosure(
              command,
              Map.of(),
              false,
              Optional.empty(),
              new Enclosure.Remains(own, Optional.of(group)))
          .dissolve();
      throw e;
    }
  }

  private static Enclosure bubble(
      Parts made,
      Means.Bubble bubble,
      Enclosure.Remains remains,
      List<String> command,
      Map<String, String> environment)
      throws IOException {
    Optional<Allowance> home = home(made, remains);
    home.ifPresent(some -> put(made, environment, HOME, some.seen().toString()));
    put(made, environment, TEMPORARY, "/tmp");
    View view = made.view().withHome(home);
    List<String> before =
        made.chain()
            .before(
                remains.group().orElse(ControlGroup.NONE),
                bubble.bubblewrap().arguments(view, made.settings().strict()));
    return new Enclosure(joined(before, command), environment, true, Optional.empty(), remains);
  }

  private static Enclosure kernels(
      Parts made,
      Means.Kernels kernels,
      Enclosure.Remains remains,
      List<String> command,
      Map<String, String> environment)
      throws IOException {
    Optional<Allowance> home = home(made, remains);
    home.ifPresent(some -> put(made, environment, HOME, some.real().toString()));
    remains
        .folder()
        .ifPresent(
            folder -> {
              put(made, environment, TEMPORARY, folder.toString());
              if (folder.toString().indexOf(' ') < 0) {
                // Java has its own idea of where temporary files go.
                environment.putIfAbsent(JAVA, "-Djava.io.tmpdir=" + folder);
              }
            });
    Landlock.Rules rules =
        LandlockRules.of(
            made.view().withHome(home), Path.of(System.getProperty("java.home")), remains.folder());
    return new Enclosure(
        joined(made.chain().before(remains.group().orElse(ControlGroup.NONE), List.of()), command),
        environment,
        false,
        Optional.of(new Enclosure.Restriction(kernels.landlock(), rules)),
        remains);
  }

  /** One that lasts; in strict, one that goes with the child. None when the real one is allowed. */
  private static Optional<Allowance> home(Parts made, Enclosure.Remains remains)
      throws IOException {
    if (made.view().home().isEmpty() || made.folders().isEmpty()) {
      return Optional.empty();
    }
    PrivateFolders folders = made.folders().get();
    SandboxSettings.Places places = made.settings().places();
    Path real =
        made.settings().strict() && remains.folder().isPresent()
            ? folders.within(remains.folder().get(), "home")
            : folders.home(places.homes(), places.name());
    Path seen = made.view().home().get().seen();
    for (Allowance one : made.view().allowed()) {
      if (one.seen().startsWith(seen)) {
        PrivateFolders.requireNoLinks(real, seen.relativize(one.seen()));
      }
    }
    return Optional.of(new Allowance(seen, real.toRealPath(), true));
  }

  private static void put(Parts made, Map<String, String> environment, String name, String value) {
    if (!made.program().named().contains(name)) {
      environment.put(name, value);
    }
  }

  private static List<String> joined(List<String> before, List<String> command) {
    List<String> all = new ArrayList<>(before);
    all.addAll(command);
    return all;
  }

  /** When no child is left. */
  @Override
  public void close() {
    closeFolders();
    selection.ifPresent(Selection::close);
  }

  void closeFolders() {
    parts.flatMap(Parts::folders).ifPresent(PrivateFolders::close);
  }
}
