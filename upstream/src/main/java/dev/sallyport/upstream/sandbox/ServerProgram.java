package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be kept in.
 *
 * @param command the program and its arguments
 * @param environment all of it
 * @param named the variables that the operator gave or passed on by name
 * @param directory where it runs
 */
public record ServerProgram(
    List<String> command, Map<String, String> environment, Set<String> named, Path directory) {
  public ServerProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    named = Set.copyOf(named);
    directory = directory.toAbsolutePath().normalize();
  }

  /** Without arguments and values, which may be secrets. */
  @Override
  public String toString() {
    return "ServerProgram[" + command.getFirst() + "]";
  }
}
