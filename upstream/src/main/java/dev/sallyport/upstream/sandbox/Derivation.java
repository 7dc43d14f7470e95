package dev.sallyport.upstream.sandbox;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a server needs, read from the command the operator typed: he named it himself. Paths in
 * arguments and variables, the folder it runs in, and where the program lives. In {@code strict}
 * only the last.
 */
final class Derivation {
  private static final int LONGEST = 4_096;
  private static final Set<String> SCRIPTS =
      Set.of(
          "js", "mjs", "cjs", "ts", "mts", "cts", "py", "pyz", "rb", "php", "jar", "sh", "pl",
          "lua");

  private static final Set<String> INTERPRETERS =
      Set.of(
          "node", "nodejs", "deno", "bun", "tsx", "python", "pypy", "uv", "ruby", "php", "perl",
          "lua", "sh", "dash", "bash", "zsh");

  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=");

  private final SandboxSettings settings;
  private final ServerProgram program;
  private final Territory territory;
  private final List<Allowance> allowed = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();

  /**
   * What may be used, and what was named but is not shared.
   *
   * @param remarks one line each, for the operator
   */
  record Outcome(List<Allowance> allowed, List<String> remarks) {}

  private Derivation(SandboxSettings settings, ServerProgram program, Territory territory) {
    this.settings = settings;
    this.program = program;
    this.territory = territory;
  }

  static Outcome of(SandboxSettings settings, ServerProgram program, Territory territory) {
    Derivation derivation = new Derivation(settings, program, territory);
    derivation.run();
    List<Allowance> settled = Allowance.settle(derivation.allowed);
    return new Outcome(Allowance.guard(settled, territory), List.copyOf(derivation.remarks));
  }

  private void run() {
    settings.read().forEach(path -> allowed.add(Allowance.read(path)));
    settings.write().forEach(path -> allowed.add(Allowance.write(path)));
    executable(program.command().getFirst()).ifPresent(this::addProgram);
    started().ifPresent(this::addProgram);
    if (settings.strict()) {
      return;
    }
    if (!territory.isWide(program.directory()) && isFit(program.directory())) {
      allowed.add(Allowance.read(program.directory())); // Nobody named it.
    }
    boolean script = false;
    for (String argument : program.command().subList(1, program.command().size())) {
      script |= addArgument(argument, !script);
    }
    for (Map.Entry<String, String> variable : program.environment().entrySet()) {
      if (program.named().contains(variable.getKey())) {
        path(variable.getValue()).ifPresent(this::addPath);
      }
    }
  }

  /** The program's file, as the system will find it. */
  private Optional<Path> executable(String name) {
    if (name.contains("/")) {
      return path(name);
    }
    return Tools.find(name, program.environment().getOrDefault("PATH", "/usr/bin:/bin"));
  }

  private void addProgram(Path file) {
    String path = program.environment().getOrDefault("PATH", "/usr/bin:/bin");
    for (Path root : new ToolRoots(territory, path, !settings.strict()).of(file)) {
      if (isFit(root)) {
        allowed.add(Allowance.read(root));
      }
    }
  }

  /** {@code env NAME=VALUE node …} is node. */
  private Optional<Path> started() {
    List<String> words = program.command();
    if (!words.getFirst().equals("env") && !words.getFirst().endsWith("/env")) {
      return Optional.empty();
    }
    return words.stream()
        .skip(1)
        .filter(word -> !word.startsWith("-") && !ASSIGNMENT.matcher(word).lookingAt())
        .findFirst()
        .flatMap(this::executable);
  }

  /** Whether it is the first file among the arguments, which is what an interpreter runs. */
  private boolean addArgument(String argument, boolean mayBeScript) {
    boolean flag = argument.startsWith("-");
    int equals = argument.indexOf('=');
    if (flag && equals < 0) {
      return false;
    }
    boolean assignment = flag || ASSIGNMENT.matcher(argument).lookingAt();
    String value = assignment ? argument.substring(equals + 1) : argument;
    Optional<Path> named = path(value);
    if (named.isPresent() && isScript(named.get()) && !Files.exists(named.get())) {
      // A program that is missing is no reason to let anybody write where it should be.
      return false;
    }
    if (named.isEmpty()) {
      for (String part : value.contains("://") ? new String[0] : value.split(":", -1)) {
        path(part).filter(Files::exists).ifPresent(this::addPath);
      }
      return false;
    }
    boolean file = Files.isRegularFile(named.get());
    boolean first = file && mayBeScript && !assignment;
    if (file && (isScript(named.get()) || (first && isInterpreter()))) {
      addScript(named.get());
    } else {
      addPath(named.get());
    }
    if (first || isScript(named.get())) {
      addProject(named.get());
    }
    return file && !assignment;
  }

  /**
   * What a server consists of may only be read, or what one caller made of it would run for all.
   */
  private void addScript(Path file) {
    Path folder = Objects.requireNonNullElse(file.getParent(), file);
    boolean neighbours = !isHidden(folder) && !territory.isWide(folder) && isFit(folder);
    if (isFit(file)) {
      allowed.add(Allowance.read(neighbours ? folder : file));
    }
  }

  private void addProject(Path file) {
    for (Path each : List.of(file, Territory.real(file))) {
      Optional<Path> project = territory.project(each);
      if (project.isPresent() && isFit(project.get())) {
        allowed.add(Allowance.read(project.get()));
      }
    }
  }

  /** Whether the program runs what the first file among its arguments says. */
  private boolean isInterpreter() {
    String name = program.command().getFirst();
    String bare = name.substring(name.lastIndexOf('/') + 1);
    return INTERPRETERS.contains(bare.replaceFirst("[0-9.]*$", "")) || bare.equals("env");
  }

  private static boolean isScript(Path file) {
    String name = String.valueOf(file.getFileName());
    return SCRIPTS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** What the text names, if it is there, or could be made in a folder that is there. */
  private Optional<Path> path(String text) {
    if (text.isEmpty() || text.length() > LONGEST || text.contains("://")) {
      return Optional.empty();
    }
    try {
      Path path = program.directory().resolve(text).normalize();
      boolean couldBeMade =
          text.startsWith("/") && path.getParent() != null && Files.isDirectory(path.getParent());
      return Files.exists(path) || couldBeMade ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private void addPath(Path path) {
    Path folder =
        Files.isDirectory(path) ? path : Objects.requireNonNullElse(path.getParent(), path);
    if (!isFit(path)) {
      return;
    }
    boolean neighbours = Files.isDirectory(path) || !isHidden(folder);
    if (neighbours && !territory.isWide(folder) && isFit(folder)) {
      add(folder);
    } else if (Files.exists(path) && !Files.isDirectory(path)) {
      add(path);
    } else if (folder.equals(Path.of("/tmp")) && Files.isDirectory(path)) {
      add(path);
    } else if (Files.exists(path) || folder.getNameCount() > 0) { // "/mcp" is no file
      remarks.add(
          "the server does not get "
              + path
              + ", which is too much to share unasked; if it needs it: --allow-read "
              + folder
              + " or --allow-write "
              + folder);
    }
  }

  /** Where programs keep what is theirs: who names a key in there does not name its neighbours. */
  private static boolean isHidden(Path folder) {
    for (Path name : folder) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private void add(Path path) {
    // The system stays read-only, also where somebody may write to it.
    allowed.add(territory.isEtc(path) ? Allowance.read(path) : Allowance.write(path));
  }

  private boolean isFit(Path path) {
    Path real = Territory.real(path);
    return !territory.isSystem(real)
        && !territory.isMachine(real)
        && !territory.isOurs(real)
        && !territory.isOurs(path);
  }
}
