package dev.sallyport.access;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;

/** A database in the data directory, which its owner alone may read. */
public final class SqliteFile {
  private static final String DRIVERS_FOLDER = "org.sqlite.tmpdir";

  private SqliteFile() {}

  /**
   * Connects to it, and makes it when there is none. For platform threads only.
   *
   * @throws IOException when it cannot be made
   * @throws SQLException when it cannot be opened
   */
  public static Connection connect(DataDirectory directory, Path file)
      throws IOException, SQLException {
    createPrivate(file);
    // The driver looks through this folder at its start, and unpacks native code into it when no
    // other copy fits: better not into one where everything lies and everybody may write.
    if (System.getProperty(DRIVERS_FOLDER) == null) {
      System.setProperty(DRIVERS_FOLDER, directory.path().toString());
    }
    // Not by DriverManager, which looks for drivers in every jar.
    return JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
  }

  private static void createPrivate(Path file) throws IOException {
    if (!Files.exists(file)
        && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (FileAlreadyExistsException raced) {
        // Another process made it in the same moment, with the same mode.
        return;
      }
    }
  }
}
