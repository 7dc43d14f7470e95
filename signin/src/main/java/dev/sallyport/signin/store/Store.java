package dev.sallyport.signin.store;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.SqliteFile;
import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The file, and the one thread that reads and writes it. Several processes may use it at a time, so
 * an invite made on the command line works with a gateway that runs. Thread-safe.
 */
public final class Store implements AutoCloseable {
  private static final int MOST_WAITING = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SWEEP = Duration.ofMinutes(10);

  /** For how long people are known whom nobody could look up again: one may be revoked. */
  private static final Duration ROLL_KEPT = Duration.ofSeconds(30);

  private static final Log LOG = Log.of(Store.class);

  private final Connection connection;
  private final Clock clock;
  private final LongSupplier nanos;
  private final BlockingQueue<FutureTask<?>> jobs = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicReference<Roll> roll;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread owner;

  /** Who is welcome, and when that was last known to be so. */
  private record Roll(Set<String> people, long version, long confirmedAt) {}

  /** What is done in one go: whole, or not at all when it throws. */
  public interface Job<T> {
    T run(Rows rows) throws SQLException;
  }

  private Store(Connection connection, Clock clock, LongSupplier nanos) {
    this.connection = connection;
    this.clock = clock;
    this.nanos = nanos;
    roll = new AtomicReference<>(new Roll(Set.of(), -1, nanos.getAsLong()));
    owner = Thread.ofPlatform().daemon().name("sallyport-sign-in").unstarted(this::work);
  }

  /**
   * Opens the file, and makes it when there is none. For platform threads only.
   *
   * @throws AccessException when it cannot be used, or was written by a newer version
   */
  public static Store open(DataDirectory directory, Clock clock) throws AccessException {
    return open(directory, clock, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock
   */
  static Store open(DataDirectory directory, Clock clock, LongSupplier nanos)
      throws AccessException {
    Path file = directory.resolve("signin.db");
    try {
      Connection connection = SqliteFile.connect(directory, file);
      Schema.prepare(connection, file);
      Store store = new Store(connection, clock, nanos);
      store.look();
      store.owner.start();
      return store;
    } catch (SQLException | IOException e) {
      throw new AccessException(
          "cannot use " + file + ": is the disk full, or the file damaged?", e);
    }
  }

  /**
   * Does a job on the store's thread, and waits for it.
   *
   * @throws StoreException when too many wait, or it failed: then nothing of it was done
   */
  public <T> T in(Job<T> job) throws StoreException {
    FutureTask<T> task = new FutureTask<>(() -> whole(job));
    if (closed.get()) {
      throw new StoreException("the sign-in is closed");
    }
    if (!jobs.offer(task)) {
      throw new StoreException("too many requests wait for the sign-in's file");
    }
    if (closed.get()) {
      task.cancel(false); // it may have come too late for the thread to see it
    }
    try {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      task.cancel(false);
      throw new StoreException("interrupted", e);
    } catch (TimeoutException e) {
      task.cancel(false);
      throw new StoreException("the sign-in's file is too slow", e);
    } catch (ExecutionException | CancellationException e) {
      throw new StoreException("the sign-in's file cannot be used", e);
    }
  }

  /** Whether that person is still welcome. In memory; a change takes half a second to get there. */
  public boolean knows(String person) {
    Roll now = roll.get();
    return nanos.getAsLong() - now.confirmedAt() <= ROLL_KEPT.toNanos()
        && now.people().contains(person);
  }

  private <T> T whole(Job<T> job) throws SQLException {
    execute("BEGIN IMMEDIATE");
    boolean done = false;
    try {
      T result = job.run(new Rows(connection));
      execute("COMMIT");
      done = true;
      return result;
    } finally {
      if (!done) {
        execute("ROLLBACK");
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void work() {
    long swept = nanos.getAsLong() - SWEEP.toNanos();
    try {
      while (!closed.get()) {
        FutureTask<?> job = jobs.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (job != null) {
          job.run();
        }
        tend(nanos.getAsLong() - swept >= SWEEP.toNanos());
        swept = nanos.getAsLong() - swept >= SWEEP.toNanos() ? nanos.getAsLong() : swept;
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "the sign-in's file could not be closed", e);
    } finally {
      roll.set(new Roll(Set.of(), -1, nanos.getAsLong()));
      jobs.forEach(left -> left.cancel(false));
    }
  }

  private void tend(boolean sweep) {
    try {
      look();
      if (sweep) {
        Instant now = clock.instant();
        whole(rows -> Sweep.before(rows, now));
      }
    } catch (SQLException | RuntimeException e) {
      // Nobody is known any more once this lasts.
      LOG.log(Level.ERROR, "the sign-in's file cannot be read; tokens are refused if it lasts", e);
    }
  }

  private void look() throws SQLException {
    Roll known = roll.get();
    long start = nanos.getAsLong();
    Rows rows = new Rows(connection);
    long version = rows.count("SELECT version FROM roll");
    Set<String> people =
        version == known.version()
            ? known.people()
            : new HashSet<>(
                rows.all("SELECT id FROM person WHERE revoked IS NULL", row -> row.getString(1)));
    roll.set(new Roll(people, version, start));
  }

  @Override
  public void close() {
    closed.set(true);
    jobs.offer(new FutureTask<>(() -> true)); // so that the thread looks up now
    try {
      owner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
