package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Goes through the kinds of sandbox that a choice permits, and takes the first that works. */
final class Selection {
  private static final String NAMESPACES =
      "allow user namespaces (sysctl user.max_user_namespaces,"
          + " kernel.apparmor_restrict_unprivileged_userns)";
  private static final Path ELSEWHERE = Path.of("/home/sallyport");

  private final SandboxSettings settings;
  private final ServerProgram program;
  private final Territory territory;
  private final Tools tools;
  private final Derivation.Outcome derived;

  /** What bubblewrap says of itself; asked while all else is looked at. */
  private final FutureTask<Optional<String>> help;

  private final List<String> warnings = new ArrayList<>();

  Selection(SandboxSettings settings, ServerProgram program) throws SandboxException {
    this.settings = settings;
    this.program = program;
    territory = Territory.of(settings);
    tools = Tools.on(settings.places().path());
    help = askForHelp();
    for (Path path : Stream.concat(settings.read().stream(), settings.write().stream()).toList()) {
      if (territory.isOurs(path) || territory.isOurs(Territory.real(path))) {
        throw new SandboxException(
            "refused: " + path + " holds Sallyport's own keys, which no server gets",
            "allow another folder, or set SALLYPORT_DATA_DIR to another place");
      }
    }
    derived = Derivation.of(settings, program, territory);
  }

  Sandbox best() throws SandboxException, InterruptedException {
    // Only once: making them may move us to another group, below which none can be made.
    Cgroups groups =
        Cgroups.open(CgroupFiles.OURS, settings.limits(), ProcessHandle.current().pid());
    boolean found = false;
    try {
      Sandbox best = best(groups);
      found = true;
      return best;
    } finally {
      if (!found) {
        groups.close();
      }
    }
  }

  private Sandbox best(Cgroups groups) throws SandboxException, InterruptedException {
    SandboxException last =
        new SandboxException("no sandbox is to be had here", "try:  --sandbox none");
    for (SandboxKind kind : settings.choice().kinds()) {
      try {
        return make(kind, groups);
      } catch (SandboxException e) {
        last = e;
        warnings.add(e.lines().getFirst() + ": " + e.lines().getLast());
      }
    }
    throw last;
  }

  private Sandbox make(SandboxKind kind, Cgroups groups)
      throws SandboxException, InterruptedException {
    if (settings.account().isPresent() && tools.setpriv().isEmpty()) {
      throw new SandboxException("--user needs setpriv", "install util-linux");
    }
    Sandbox.Means means = means(kind);
    try {
      return rehearsed(kind, means, groups);
    } catch (SandboxException e) {
      if (groups.limits().isEmpty()) {
        throw e;
      }
      return rehearsed(kind, means, Cgroups.NONE);
    }
  }

  private Sandbox.Means means(SandboxKind kind) throws SandboxException, InterruptedException {
    return switch (kind) {
      case BWRAP -> new Sandbox.Means.Bubble(bubblewrap());
      case LANDLOCK ->
          new Sandbox.Means.Kernels(
              Landlock.here()
                  .orElseThrow(
                      () ->
                          new SandboxException(
                              "this system has no Landlock",
                              "it takes Linux 6.2 or newer with Landlock among its security"
                                  + " modules")));
      case NONE -> new Sandbox.Means.Nothing();
    };
  }

  private Bubblewrap bubblewrap() throws SandboxException, InterruptedException {
    if (!Kernel.LINUX || tools.bubblewrap().isEmpty()) {
      throw new SandboxException(
          "bubblewrap is not installed",
          Kernel.LINUX
              ? "apt install bubblewrap  (or dnf, apk, pacman)"
              : "it is for Linux only; run Sallyport there");
    }
    SandboxException doesNotRun = new SandboxException("bubblewrap does not run", "reinstall it");
    try {
      return new Bubblewrap(tools.bubblewrap().get(), help.get().orElseThrow(() -> doesNotRun));
    } catch (ExecutionException e) {
      throw doesNotRun;
    }
  }

  private FutureTask<Optional<String>> askForHelp() {
    FutureTask<Optional<String>> asking =
        new FutureTask<>(
            () ->
                tools.bubblewrap().isPresent()
                    ? Rehearsal.ask(tools.bubblewrap().get(), "--help")
                    : Optional.empty());
    if (settings.choice().kinds().contains(SandboxKind.BWRAP)) {
      Thread.ofPlatform().name("sallyport-bwrap-help").daemon(true).start(asking);
    }
    return asking;
  }

  private Sandbox rehearsed(SandboxKind kind, Sandbox.Means means, Cgroups groups)
      throws SandboxException, InterruptedException {
    boolean plain = kind == SandboxKind.NONE;
    Optional<PrivateFolders> folders = Optional.empty();
    try {
      if (!plain) {
        folders =
            Optional.of(PrivateFolders.open(settings.places().temporary(), settings.account()));
      }
      ProcessLimits limits = ProcessLimits.of(settings.limits(), groups.limits(), counts(kind));
      LaunchChain chain = new LaunchChain(tools, settings.account(), privileges(kind), limits);
      View view = view(folders.map(PrivateFolders::base));
      Sandbox.Parts parts = new Sandbox.Parts(settings, program, chain, view, groups, folders);
      Set<Guarantee> held = held(chain, groups, means);
      SandboxSummary summary =
          new Telling(settings, program, view, kind, held, groups.limits())
              .summary(
                  plain
                      ? warnings
                      : Stream.concat(warnings.stream(), derived.remarks().stream()).toList());
      requireAll(summary);
      Sandbox sandbox = new Sandbox(means, parts, summary);
      rehearse(kind, sandbox);
      return sandbox;
    } catch (IOException e) {
      folders.ifPresent(PrivateFolders::close);
      throw new SandboxException(
          "a private folder cannot be made: " + e.getMessage(), "free or choose another TMPDIR");
    } catch (SandboxException e) {
      folders.ifPresent(PrivateFolders::close);
      throw e;
    }
  }

  private void requireAll(SandboxSummary summary) throws SandboxException {
    if (settings.strict() && !summary.missing().isEmpty()) {
      boolean privilege = summary.missing().contains(Guarantee.PROCESS_LIMIT.text());
      throw new SandboxException(
          "refused: --sandbox strict cannot have here: " + String.join(", ", summary.missing()),
          tools.prlimit().isEmpty()
              ? "install util-linux, for prlimit"
              : privilege
                  ? "root's processes are limited by control groups only; run it with --user NAME"
                  : "it takes control groups that we may write to");
    }
  }

  private void rehearse(SandboxKind kind, Sandbox sandbox)
      throws SandboxException, InterruptedException {
    Optional<Path> nothing = Tools.find("true", "/usr/bin:/bin");
    if (nothing.isEmpty() || (kind == SandboxKind.NONE && settings.account().isEmpty())) {
      return;
    }
    try {
      Enclosure enclosure =
          sandbox.enclose("rehearsal", List.of(nothing.get().toString()), program.environment());
      try {
        if (Rehearsal.of(enclosure, program.directory())
            instanceof Rehearsal.Outcome.Failed(String why)) {
          throw new SandboxException(
              kind.text() + " does not work here (" + why + ")", remedy(kind, why));
        }
      } finally {
        enclosure.dissolve();
      }
    } catch (IOException e) {
      throw new SandboxException(
          kind.text() + " does not work here (" + e.getMessage() + ")", "try:  --sandbox none");
    }
  }

  private static String remedy(SandboxKind kind, String why) {
    boolean namespace = why.contains("namespace") || why.contains("uid map");
    return kind == SandboxKind.BWRAP && namespace
        ? NAMESPACES
        : "see whether a path that is allowed cannot be read, or try:  --sandbox none";
  }

  private View view(Optional<Path> folders) {
    Path home = settings.homeOfUser();
    boolean shown =
        Stream.concat(settings.read().stream(), settings.write().stream())
            .anyMatch(path -> home.startsWith(path));
    boolean fit =
        home.getNameCount() > 0 && !territory.isSystem(home) && !territory.isMachine(home);
    Path seen = fit ? home : ELSEWHERE;
    Set<Path> masked = new HashSet<>(territory.data());
    folders.map(Territory::real).ifPresent(masked::add);
    return new View(
        derived.allowed(),
        List.copyOf(masked),
        shown ? Optional.empty() : Optional.of(new Allowance(seen, seen, true)),
        program.directory(),
        settings.networkAllowed(),
        settings.limits().memory().isPresent()
            ? OptionalLong.of(settings.limits().memory().getAsLong())
            : OptionalLong.empty());
  }

  /** Whether the system counts the server's processes, and them alone. */
  private boolean counts(SandboxKind kind) {
    boolean root = settings.account().map(user -> user.uid() == 0).orElse(Account.weAreRoot());
    return !root
        && (settings.account().isPresent()
            || (kind == SandboxKind.BWRAP && Kernel.countsByNamespace()));
  }

  private LaunchChain.Privileges privileges(SandboxKind kind) {
    return switch (kind) {
      case BWRAP -> LaunchChain.Privileges.KEPT; // bwrap sees to that
      case LANDLOCK ->
          Account.weAreRoot() ? LaunchChain.Privileges.NONE : LaunchChain.Privileges.KEPT;
      case NONE ->
          settings.choice() == SandboxChoice.NONE
              ? LaunchChain.Privileges.KEPT
              : LaunchChain.Privileges.NO_NEW;
    };
  }

  private Set<Guarantee> held(LaunchChain chain, Cgroups groups, Sandbox.Means means) {
    Set<Guarantee> held = EnumSet.noneOf(Guarantee.class);
    held.addAll(groups.limits());
    if (tools.prlimit().isPresent()) {
      held.addAll(chain.limits().holds());
    }
    switch (means) {
      case Sandbox.Means.Bubble bubble ->
          held.addAll(EnumSet.range(Guarantee.PROCESSES, Guarantee.CAPABILITIES));
      case Sandbox.Means.Kernels _ -> {
        held.addAll(Set.of(Guarantee.SYSTEM, Guarantee.PRIVILEGES));
        if (!Account.weAreRoot() || tools.setpriv().isPresent()) {
          held.add(Guarantee.CAPABILITIES);
        }
      }
      case Sandbox.Means.Nothing nothing -> {
        if (tools.setpriv().isPresent() && settings.choice() != SandboxChoice.NONE) {
          held.add(Guarantee.PRIVILEGES);
        }
      }
    }
    return held;
  }
}
