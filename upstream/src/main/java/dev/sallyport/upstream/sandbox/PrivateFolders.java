package dev.sallyport.upstream.sandbox;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Folders that only one server has: a home that lasts, and for each child one that goes with it.
 * The gateway holds a lock in its own as long as it lives, so that the next one can tell what a
 * dead one left. Thread-safe.
 */
final class PrivateFolders implements AutoCloseable {
  private static final Log LOG = Log.of(PrivateFolders.class);
  private static final String PREFIX = "sallyport-children-";
  private static final String LOCK = "lock";
  private static final int DEEPEST = 128;
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  // Who owns a child's folder must be able to come to it, and to nothing else.
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  // To open the lock of one that is ours, and close it again, would give it up.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path base;
  private final FileChannel lock;
  private final Optional<Account> account;
  private final Thread sweeping;

  private PrivateFolders(Path base, FileChannel lock, Optional<Account> account, Thread sweeping) {
    this.sweeping = sweeping;
    this.base = base;
    this.lock = lock;
    this.account = account;
  }

  /** Makes the gateway's folder, and begins to sweep what dead gateways left. */
  static PrivateFolders open(Path temporary, Optional<Account> account) throws IOException {
    Path base =
        Files.createTempDirectory(temporary, PREFIX, PosixFilePermissions.asFileAttribute(OWNER));
    OURS.add(base);
    FileChannel lock =
        FileChannel.open(
            base.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      lock.lock();
      if (account.isPresent()) {
        Files.setPosixFilePermissions(base, PASSABLE);
      }
      Thread sweeping =
          Thread.ofPlatform().name("sallyport-sweep").daemon(true).start(() -> sweep(temporary));
      return new PrivateFolders(base, lock, account, sweeping);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** All that is ours, which no child sees but for its own. */
  Path base() {
    return base;
  }

  /** A fresh folder for one child. */
  Path child(String mark) throws IOException {
    return owned(base.resolve("child-" + mark));
  }

  /** A folder in one of ours, for the same owner. */
  Path within(Path folder, String name) throws IOException {
    return owned(folder.resolve(name));
  }

  /** The home of a server, made if need be. */
  Path home(Path homes, String server) throws IOException {
    Files.createDirectories(
        homes, PosixFilePermissions.asFileAttribute(account.isPresent() ? PASSABLE : OWNER));
    return owned(homes.resolve(server));
  }

  /**
   * A server may leave links in its home. What is mounted below it must not follow them, since on
   * the way bubblewrap makes what is not there.
   */
  static void requireNoLinks(Path home, Path below) throws IOException {
    Path step = home;
    for (Path name : below) {
      step = step.resolve(name);
      if (Files.isSymbolicLink(step)) {
        throw new IOException("the server left a link where something is to be shared: " + step);
      }
    }
  }

  private Path owned(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER));
    }
    if (account.isPresent()) {
      Files.setAttribute(folder, "unix:gid", account.get().gid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(folder, "unix:uid", account.get().uid(), LinkOption.NOFOLLOW_LINKS);
    }
    return folder;
  }

  private static void sweep(Path temporary) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      String self = System.getProperty("user.name", "");
      for (Path folder : folders) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(self)
            && !OURS.contains(folder)
            && isAbandoned(folder)) {
          delete(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "folders cannot be swept: {0}", e.getMessage());
    }
  }

  private static boolean isAbandoned(Path folder) {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException | OverlappingFileLockException inUse) {
      return false;
    }
  }

  /**
   * Deletes a folder with all in it. Whoever wrote there may still be at it and put a link in our
   * way, so every step starts from a folder that is held open.
   */
  static void delete(Path folder) {
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null) {
      return;
    }
    try (DirectoryStream<Path> above = Files.newDirectoryStream(parent)) {
      if (above instanceof SecureDirectoryStream<Path> secure) {
        deleteFolder(secure, name, DEEPEST);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "a folder is left: {0}", e.getMessage());
    }
  }

  private static void deleteFolder(SecureDirectoryStream<Path> above, Path name, int deeper)
      throws IOException {
    if (deeper == 0) {
      throw new IOException("folders in folders without end");
    }
    try (SecureDirectoryStream<Path> folder =
        above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : folder) {
        Path file = entry.getFileName();
        boolean isFolder =
            folder
                .getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
        if (isFolder) {
          deleteFolder(folder, file, deeper - 1);
        } else {
          folder.deleteFile(file);
        }
      }
    }
    above.deleteDirectory(name);
  }

  @Override
  public void close() {
    try {
      sweeping.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The next gateway sweeps what is left.
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a lock could not be given back: {0}", e.getMessage());
    }
    delete(base);
    OURS.remove(base);
  }
}
