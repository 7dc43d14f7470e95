package dev.sallyport.access;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The folder that holds what outlives a run. Only its owner may enter it: it is made with mode
 * 0700, and one that others can reach, or that belongs to somebody else, is refused rather than
 * repaired.
 *
 * @param path absolute
 */
public record DataDirectory(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Finds and, if need be, makes the folder: {@code SALLYPORT_DATA_DIR}, else {@code
   * XDG_DATA_HOME/sallyport}, else {@code ~/.local/share/sallyport} (XDG base directory
   * specification).
   *
   * @throws AccessException when it cannot be made or others can reach it
   */
  public static DataDirectory open(Map<String, String> environment, String userHome, String user)
      throws AccessException {
    DataDirectory directory = new DataDirectory(locate(environment, userHome));
    directory.make();
    directory.requirePrivate(user);
    return directory;
  }

  private static Path locate(Map<String, String> environment, String userHome) {
    String own = environment.getOrDefault("SALLYPORT_DATA_DIR", "");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath();
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    // A relative XDG path is to be ignored, says the specification.
    Path base = xdg.startsWith("/") ? Path.of(xdg) : Path.of(userHome, ".local", "share");
    return base.resolve("sallyport").toAbsolutePath();
  }

  private void make() throws AccessException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.createDirectories(Objects.requireNonNullElse(path.getParent(), path));
      if (POSIX) {
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createDirectory(path);
      }
    } catch (FileAlreadyExistsException raced) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new AccessException(
            "data directory "
                + path
                + " is not a directory; set SALLYPORT_DATA_DIR to another place",
            raced);
      }
    } catch (IOException e) {
      throw new AccessException(
          "cannot make the data directory "
              + path
              + "; set SALLYPORT_DATA_DIR to a place you may write to",
          e);
    }
  }

  private void requirePrivate(String user) throws AccessException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new AccessException(
          "data directory " + path + " is a link or a file; set SALLYPORT_DATA_DIR to a directory");
    }
    if (!POSIX) {
      return;
    }
    try {
      PosixFileAttributes facts =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!facts.owner().getName().equals(user)) {
        throw new AccessException(
            "data directory "
                + path
                + " belongs to "
                + facts.owner().getName()
                + ", not to "
                + user);
      }
      if (!OWNER_ONLY.containsAll(facts.permissions())) {
        throw new AccessException(
            "data directory " + path + " is open to others; run: chmod 700 " + path);
      }
    } catch (IOException e) {
      throw new AccessException("cannot read the data directory " + path, e);
    }
  }

  public Path resolve(String file) {
    return path.resolve(file);
  }
}
