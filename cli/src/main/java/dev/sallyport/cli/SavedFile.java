package dev.sallyport.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration that a command writes in place of doing what it comes to.
 *
 * @param name as it was given
 * @param overwrite whether a file that is there is replaced
 */
record SavedFile(String name, Path path, boolean overwrite) {
  static final Flag SAVE = Flag.taking("save", "FILE", "write the configuration there, and end");
  static final Flag FORCE = Flag.on("force", "with --save, write over a file that is there");

  static FlagGroup group() {
    return FlagGroup.of("Saving", SAVE, FORCE);
  }

  /** Empty when nothing is to be saved. */
  static Optional<SavedFile> named(Arguments arguments, Command command) throws CliFault {
    Optional<Path> path = arguments.path(SAVE);
    if (path.isEmpty() && arguments.has(FORCE)) {
      throw command.misused("--force goes together with --save");
    }
    return path.map(
        file ->
            new SavedFile(
                file.toString(), file.toAbsolutePath().normalize(), arguments.has(FORCE)));
  }

  Path folder() {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  /** Writes all of it or nothing, for its owner alone: what is in it may be a secret. */
  void write(String text) throws CliFault {
    try {
      if (overwrite) {
        Path beside = folder().resolve("." + path.getFileName() + "-" + random());
        try {
          create(beside, text);
          Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(beside);
        }
      } else {
        create(path, text);
      }
    } catch (FileAlreadyExistsException e) {
      throw new CliFault(CliFault.FAILURE, name + " is there already", "--force  writes over it");
    } catch (NoSuchFileException e) {
      throw new CliFault(CliFault.FAILURE, "cannot write " + name + ": there is no such folder");
    } catch (AccessDeniedException e) {
      throw new CliFault(CliFault.PERMISSION, "cannot write " + name + ": permission denied");
    } catch (IOException e) {
      throw new CliFault(CliFault.FAILURE, "cannot write " + name);
    }
  }

  private static String random() {
    return Long.toString(new SecureRandom().nextLong(1L << 40), 36);
  }

  private static void create(Path file, String text) throws IOException {
    boolean whole = false;
    SeekableByteChannel out =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (out) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Says that it is there. */
  void told(Screen screen, String facts) {
    screen.done("saved", name + "   " + facts + " · for your eyes only (0600)");
  }
}
