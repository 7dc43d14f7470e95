package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What servers said of their lists, for as long as they allow it ({@code ttlMs}) and until they say
 * that it changed (CA-06). It is kept for the caller who asked; for all, only when the server says
 * that it is for all and one process or session of it serves all: a process of one's own can have
 * been told whose it is (CA-05, T14). Thread-safe.
 */
final class ListCache {
  private static final Log LOG = Log.of(ListCache.class);

  private static final int MOST = 10_000;
  private static final long LARGEST = 64L << 20;
  private static final long LARGEST_ENTRY = LARGEST / 8;

  /** So that one caller, who can ask in ever other ways, does not push out what others have. */
  private static final int MOST_OF_A_CALLER = 256;

  /** Bytes of what a client says it can do; and characters of a cursor. */
  private static final int LONGEST_KEY = 4_096;

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as all that follows; what was asked for last is at the end. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Caller, Integer> ofCallers = new HashMap<>();

  /** Those that a change makes wrong, so that it costs no more than they are. */
  private final Map<Source, Shelf> shelves = new HashMap<>();

  private long held;

  /** A page as a client sees it that can do these things. */
  private record Asked(
      Upstream upstream,
      ListKind kind,
      Optional<String> cursor,
      ProtocolVersion version,
      Json capabilities) {}

  /** Whom a page is for: everybody, all of a caller's, or a session alone. */
  private record Key(Asked asked, Optional<Caller> caller, Optional<ClientSession> session) {}

  private record Entry(JsonObject result, long until, long held) {}

  /** What changes as a whole: the lists of one server that one notification is about. */
  private record Source(Upstream upstream, Method change) {}

  /**
   * What is kept of a source since its last change. A change takes the shelf away: who asked before
   * it holds a shelf that is not there any more, and cannot put down what may be older than it.
   */
  private static final class Shelf {
    private final Set<Key> keys = new HashSet<>();
  }

  ListCache(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A server's page as it was kept, with what is left of its life, or else as it is now. */
  Outcome page(
      Upstream upstream,
      ListKind kind,
      Optional<String> cursor,
      Exchange exchange,
      Supplier<Outcome> ask) {
    // A copy: what was cut out of a request would hold on to all of it.
    Json capabilities = exchange.client().capabilities().toJson();
    if (capabilities.length() > LONGEST_KEY
        || cursor.filter(text -> text.length() > LONGEST_KEY).isPresent()) {
      return ask.get();
    }
    Asked asked = new Asked(upstream, kind, cursor, exchange.client().version(), capabilities);
    Key own = own(asked, exchange.origin());
    Key all = new Key(asked, Optional.empty(), Optional.empty());
    Optional<JsonObject> kept = find(own).or(() -> find(all));
    if (kept.isPresent()) {
      return new Outcome.Complete(kept.get());
    }
    Shelf before = shelf(asked);
    Outcome outcome = ask.get();
    if (LOG.tellsDetails()) {
      LOG.detail(upstream.prefix() + " was asked for " + kind.method().text());
    }
    if (outcome instanceof Outcome.Complete(JsonObject result)) {
      keep(isForAll(result, upstream) ? all : own, result, before);
    }
    return outcome;
  }

  private static Key own(Asked asked, Origin origin) {
    return new Key(
        asked,
        Optional.of(origin.caller()),
        asked.upstream().isForSessions() ? origin.session() : Optional.empty());
  }

  /** Whether what a server said is the same for every caller. */
  static boolean isForAll(JsonObject result, Upstream upstream) {
    return upstream.isForAll() && BoundedHints.isPublic(result);
  }

  private static Source source(Asked asked) {
    return new Source(asked.upstream(), asked.kind().change());
  }

  private Shelf shelf(Asked asked) {
    lock.lock();
    try {
      return shelves.computeIfAbsent(source(asked), _ -> new Shelf());
    } finally {
      lock.unlock();
    }
  }

  private Optional<JsonObject> find(Key key) {
    return entry(key)
        .map(
            entry -> {
              Duration left = Duration.ofNanos(entry.until() - nanos.getAsLong());
              return entry.result().with("ttlMs", Json.of(Math.max(left.toMillis(), 0)));
            });
  }

  private Optional<Entry> entry(Key key) {
    lock.lock();
    try {
      Optional<Entry> entry = Optional.ofNullable(entries.get(key));
      if (entry.filter(some -> some.until() - nanos.getAsLong() > 0).isPresent()) {
        return entry;
      }
      remove(key);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void keep(Key key, JsonObject result, Shelf before) {
    long life = Math.min(result.integer("ttlMs").orElse(0), BoundedHints.LONGEST.toMillis());
    long size = result.held();
    if (life <= 0 || size > LARGEST_ENTRY) {
      return;
    }
    lock.lock();
    try {
      if (before == shelves.get(source(key.asked()))) {
        remove(key);
        if (key.caller().map(this::has).orElse(0) >= MOST_OF_A_CALLER) {
          return; // Until the life of some is over.
        }
        long until = nanos.getAsLong() + Duration.ofMillis(life).toNanos();
        entries.put(key, new Entry(result, until, size));
        before.keys.add(key);
        held += size;
        key.caller().ifPresent(caller -> ofCallers.merge(caller, 1, Integer::sum));
        makeRoom();
      }
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom() {
    while (held > LARGEST || entries.size() > MOST) {
      remove(entries.keySet().iterator().next());
    }
  }

  private int has(Caller caller) {
    return ofCallers.getOrDefault(caller, 0);
  }

  private void remove(Key key) {
    Optional.ofNullable(entries.remove(key)).ifPresent(gone -> left(key, gone));
  }

  private void left(Key key, Entry gone) {
    Optional.ofNullable(shelves.get(source(key.asked())))
        .ifPresent(shelf -> shelf.keys.remove(key));
    held -= gone.held();
    key.caller()
        .ifPresent(
            caller -> ofCallers.computeIfPresent(caller, (_, many) -> many > 1 ? many - 1 : null));
  }

  /** A server said, or may have wanted to say, that a list of its own is another one. */
  void forget(Upstream upstream, Method change) {
    lock.lock();
    try {
      Optional.ofNullable(shelves.remove(new Source(upstream, change)))
          .ifPresent(shelf -> shelf.keys.forEach(this::remove));
    } finally {
      lock.unlock();
    }
  }

  /** Of servers that are offered no more, or in another way. */
  void forgetAll() {
    lock.lock();
    try {
      shelves.clear();
      entries.clear();
      ofCallers.clear();
      held = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Entries, for tests. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }
}
