package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Goes through the kinds of sandbox that a choice permits, best first, each with control groups
 * when some can be made. Confined to one thread at a time.
 */
final class Selection implements AutoCloseable {
  private static final Path ELSEWHERE = Path.of("/home/sallyport");

  private final SandboxSettings settings;
  private final ServerProgram program;
  private final Territory territory;
  private final Tools tools;
  private final Derivation.Outcome derived;

  /** What bubblewrap says of itself; asked while all else is looked at. */
  private final FutureTask<Optional<String>> help;

  private final Cgroups groups;
  private final Deque<Candidate> left = new ArrayDeque<>();
  private final List<String> warnings = new ArrayList<>();
  private Candidate attempt = new Candidate(SandboxKind.NONE, false);
  private Candidate lastFailed = attempt;
  private SandboxException last =
      new SandboxException("no sandbox is to be had here", "try:  --sandbox none");

  /**
   * What may be tried.
   *
   * @param grouped whether with control groups: those that can be made may still not take anybody
   */
  private record Candidate(SandboxKind kind, boolean grouped) {}

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
    // Only once: making them may move us to another group, below which none can be made.
    groups = Cgroups.open(CgroupFiles.OURS, settings.limits(), ProcessHandle.current().pid());
    for (SandboxKind kind : settings.choice().kinds()) {
      if (!groups.limits().isEmpty()) {
        left.add(new Candidate(kind, true));
      }
      left.add(new Candidate(kind, false));
    }
  }

  /** The first that works. */
  Sandbox best() throws SandboxException, InterruptedException {
    return tried(next());
  }

  /**
   * The same after a server was started in one. What does not work now may be of its making, so
   * nothing is not among what comes next, unless it was asked for.
   */
  Sandbox triedByServer(Sandbox current) throws SandboxException, InterruptedException {
    if (settings.choice() != SandboxChoice.NONE) {
      left.removeIf(candidate -> candidate.kind() == SandboxKind.NONE);
    }
    return tried(current);
  }

  private Sandbox tried(Sandbox current) throws SandboxException, InterruptedException {
    try {
      Rehearsal.in(current, program, settings.account().isPresent());
      return current;
    } catch (SandboxException e) {
      current.closeFolders();
      noteFailure(e);
    } catch (InterruptedException e) {
      current.close();
      throw e;
    }
    return tried(next());
  }

  /** The first that can be made; whether anything runs in it is not known yet. */
  Sandbox next() throws SandboxException, InterruptedException {
    while (!left.isEmpty()) {
      attempt = left.removeFirst();
      try {
        return make(attempt);
      } catch (SandboxException e) {
        noteFailure(e);
      } catch (InterruptedException e) {
        close();
        throw e;
      }
    }
    close();
    throw last;
  }

  /** Of a kind the first reason is told: without groups it may only be that they are missing. */
  private void noteFailure(SandboxException why) {
    if (!lastFailed.grouped() || lastFailed.kind() != attempt.kind()) {
      last = why;
    }
    lastFailed = attempt;
    boolean onceMore = !left.isEmpty() && left.getFirst().kind() == attempt.kind();
    if (!onceMore) {
      warnings.add(last.lines().getFirst() + ": " + last.lines().getLast());
    }
  }

  private Sandbox make(Candidate candidate) throws SandboxException, InterruptedException {
    if (settings.account().isPresent() && tools.setpriv().isEmpty()) {
      throw new SandboxException("--user needs setpriv", "install util-linux");
    }
    return make(
        candidate.kind(), means(candidate.kind()), candidate.grouped() ? groups : Cgroups.NONE);
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

  private Sandbox make(SandboxKind kind, Sandbox.Means means, Cgroups groups)
      throws SandboxException {
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
      return new Sandbox(means, parts, summary, this);
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

  /** When no child is left, or there is nothing to choose. */
  @Override
  public void close() {
    groups.close();
  }
}
