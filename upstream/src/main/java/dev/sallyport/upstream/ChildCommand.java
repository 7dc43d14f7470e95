package dev.sallyport.upstream;

import dev.sallyport.upstream.sandbox.ServerProgram;
import dev.sallyport.upstream.stdio.ChildEnvironment;
import dev.sallyport.upstream.stdio.Executables;
import dev.sallyport.upstream.wire.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a stdio server is started. Comes from the command line or a file, never over the network.
 *
 * @param command the program and its arguments; no shell looks at them
 * @param environment variables to set, on top of the few that every child gets (CS-18)
 * @param inherited names of variables to pass on from our own environment
 * @param directory where to run it; ours when empty
 */
public record ChildCommand(
    List<String> command,
    Map<String, String> environment,
    List<String> inherited,
    Optional<Path> directory) {
  public ChildCommand {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    inherited = List.copyOf(inherited);
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command has at least a program");
    }
    if (Stream.concat(command.stream(), environment.values().stream())
        .anyMatch(text -> text.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("neither arguments nor values can hold a NUL");
    }
    if (Stream.concat(environment.keySet().stream(), inherited.stream())
        .anyMatch(name -> name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("not the name of a variable");
    }
  }

  /**
   * Whether a program can be given it: as an argument or a variable it holds no NUL, and is UTF-8.
   */
  public static boolean canHold(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
  }

  public static ChildCommand of(String... command) {
    return new ChildCommand(List.of(command), Map.of(), List.of(), Optional.empty());
  }

  /**
   * What a sandbox has to know of it.
   *
   * @param ours our own environment
   */
  public ServerProgram program(Map<String, String> ours) {
    return new ServerProgram(
        command,
        ChildEnvironment.of(ours, inherited, environment),
        Stream.concat(environment.keySet().stream(), inherited.stream())
            .collect(Collectors.toSet()),
        directory.orElse(Path.of("")));
  }

  /**
   * Looks its program up, as a start does.
   *
   * @param ours our own environment
   * @throws StartException when it is not there, or cannot be run
   */
  public void requireProgram(Map<String, String> ours) throws StartException {
    Executables.require(
        command.getFirst(),
        ChildEnvironment.of(ours, inherited, environment),
        directory.orElse(Path.of("")).toAbsolutePath());
  }

  /** Without arguments and values, which may be secrets. */
  @Override
  public String toString() {
    return "ChildCommand[" + command.getFirst() + ", " + (command.size() - 1) + " arguments]";
  }
}
