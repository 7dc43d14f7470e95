package dev.sallyport.examples.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The orders, in a SQLite file. All work on it is done by one platform thread: SQLite takes one
 * writer at a time anyway, and a virtual thread that waits in native code would hold up others.
 */
final class Orders implements AutoCloseable {
  /** Tools that may wait for the thread; more are told to come again. */
  private static final int MOST_WAITING = 256;

  private final Connection connection;
  private final Optional<Path> toDelete;
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("orders").factory());

  private Orders(Connection connection, Optional<Path> toDelete) {
    this.connection = connection;
    this.toDelete = toDelete;
  }

  /** Opens the file, and fills it with sample orders when it is new. */
  static Orders open(Path file) throws SQLException, IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return open(file, Optional.empty());
  }

  /** Sample orders that are gone when this is closed. */
  static Orders temporary() throws SQLException, IOException {
    Path file = Files.createTempFile("orders", ".db");
    file.toFile().deleteOnExit();
    return open(file, Optional.of(file));
  }

  private static Orders open(Path file, Optional<Path> toDelete) throws SQLException {
    Orders orders = new Orders(DriverManager.getConnection("jdbc:sqlite:" + file), toDelete);
    orders.seedWhenNew();
    return orders;
  }

  Optional<Order> find(String id) throws InterruptedException, SQLException {
    return query("SELECT * FROM orders WHERE id = ?", id).stream().findFirst();
  }

  List<Order> ofCustomer(String customer) throws InterruptedException, SQLException {
    return query("SELECT * FROM orders WHERE customer = ? ORDER BY id", customer);
  }

  List<Order> open() throws InterruptedException, SQLException {
    return query("SELECT * FROM orders WHERE status = ? ORDER BY id", "PLACED");
  }

  List<String> idsStartingWith(String start) throws InterruptedException, SQLException {
    return query("SELECT * FROM orders WHERE id GLOB ? || '*' ORDER BY id LIMIT 100", start)
        .stream()
        .map(Order::id)
        .toList();
  }

  /**
   * Cancels an order that has not been shipped; false when it is too late, or when somebody else
   * was faster.
   */
  boolean cancel(String id) throws InterruptedException, SQLException {
    return onThread(
        () -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE orders SET status = 'CANCELLED' WHERE id = ? AND status = 'PLACED'")) {
            update.setString(1, id);
            return update.executeUpdate() == 1;
          }
        });
  }

  private List<Order> query(String sql, String argument) throws InterruptedException, SQLException {
    return onThread(
        () -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, argument);
            try (ResultSet rows = select.executeQuery()) {
              List<Order> found = new ArrayList<>();
              while (rows.next()) {
                found.add(order(rows));
              }
              return found;
            }
          }
        });
  }

  private static Order order(ResultSet row) throws SQLException {
    return new Order(
        row.getString("id"),
        row.getString("customer"),
        row.getString("item"),
        row.getInt("quantity"),
        row.getLong("total_cents"),
        LocalDate.parse(row.getString("ordered_on")),
        Order.Status.valueOf(row.getString("status")));
  }

  private void seedWhenNew() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, item"
              + " TEXT NOT NULL, quantity INTEGER NOT NULL, total_cents INTEGER NOT NULL,"
              + " ordered_on TEXT NOT NULL, status TEXT NOT NULL)");
      statement.execute(
          "INSERT OR IGNORE INTO orders VALUES"
              + " ('1001', 'ada', 'Brass compass', 1, 4900, '2026-03-02', 'DELIVERED'),"
              + " ('1002', 'ada', 'Sea chart, North Atlantic', 2, 3600, '2026-05-11', 'SHIPPED'),"
              + " ('1003', 'grace', 'Signal lamp', 1, 12900, '2026-06-20', 'PLACED'),"
              + " ('1004', 'grace', 'Oilskin coat', 1, 8900, '2026-06-21', 'PLACED'),"
              + " ('1005', 'edsger', 'Rope, 30 m', 3, 5700, '2026-06-22', 'PLACED')");
    }
  }

  private <T> T onThread(Callable<T> work) throws InterruptedException, SQLException {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException known) {
        throw known;
      }
      throw new IllegalStateException("only SQL can fail here", e.getCause());
    }
  }

  @Override
  public void close() throws SQLException, IOException {
    thread.close();
    connection.close();
    if (toDelete.isPresent()) {
      Files.deleteIfExists(toDelete.get());
    }
  }
}
