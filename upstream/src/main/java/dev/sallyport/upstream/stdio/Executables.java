package dev.sallyport.upstream.stdio;

import dev.sallyport.upstream.wire.StartException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Looks a command up as the system will, before it is started: once {@code setsid} stands in front,
 * a missing command would only show as an exit code.
 */
public final class Executables {
  private Executables() {}

  /**
   * @param environment all that the child will have
   * @param directory where the child will run
   * @throws StartException when it is not there, or cannot be run
   */
  public static void require(String command, Map<String, String> environment, Path directory)
      throws StartException {
    if (File.separatorChar != '/') {
      return; // Windows looks in more places than we would copy; starting tells.
    }
    boolean found = false;
    String places = command.contains("/") ? "" : environment.getOrDefault("PATH", "/usr/bin:/bin");
    for (String place : places.split(":", -1)) {
      Path candidate = resolve(directory, place, command);
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return;
      }
      found |= Files.exists(candidate) && (command.contains("/") || Files.isRegularFile(candidate));
    }
    throw found ? StartException.notExecutable(command) : StartException.notFound(command);
  }

  private static Path resolve(Path directory, String place, String command) throws StartException {
    try {
      return directory.resolve(place).resolve(command);
    } catch (InvalidPathException e) {
      throw StartException.notFound(command);
    }
  }
}
