package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Rounds;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The sessions of one endpoint. An id is 256 random bits and only its hash is kept; it is worth
 * nothing without the credential of the caller who got it, and to anybody else it does not exist
 * (LH-05, LH-21, security T39). Thread-safe.
 */
final class Sessions implements AutoCloseable {
  private static final int ID_BYTES = 32;

  /** Our ids are shorter; anything longer is not worth hashing. */
  private static final int LONGEST_ID = 100;

  /** How long a session must have been idle before it makes room for another of its caller. */
  private static final Duration SPARED = Duration.ofMinutes(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, LiveSession> byHash = new HashMap<>();
  private final SessionLimits limits;
  private final Clock clock;
  private final SecureRandom random;
  private boolean closed;

  Sessions(SessionLimits limits, Clock clock, SecureRandom random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  /** What adding a session came to. */
  sealed interface Entry {
    record Added(String id) implements Entry {}

    record Full(Refusal refusal) implements Entry {}
  }

  /**
   * Whether the caller may have one more session: asked before the work of a handshake is done.
   * Clients often leave sessions behind, so the caller's own most idle one makes room, if any has
   * been idle for a while; another caller's never does (security T44).
   */
  Optional<Refusal> full(Caller caller) {
    List<LiveSession> gone = new ArrayList<>();
    lock.lock();
    try {
      return full(caller, gone);
    } finally {
      lock.unlock();
      closeAll(gone);
    }
  }

  Entry add(LiveSession session) {
    List<LiveSession> gone = new ArrayList<>();
    lock.lock();
    try {
      Optional<Refusal> full = full(session.caller(), gone);
      if (full.isPresent()) {
        gone.add(session);
        return new Entry.Full(full.get());
      }
      String id = newId();
      byHash.put(hash(id), session);
      session.onEnd(() -> end(session)); // also when what it had upstream is lost
      return new Entry.Added(id);
    } finally {
      lock.unlock();
      closeAll(gone);
    }
  }

  private Optional<Refusal> full(Caller caller, List<LiveSession> gone) {
    if (closed) {
      return Optional.of(Refusal.of(Reason.UNAVAILABLE, "The server is stopping"));
    }
    List<Map.Entry<String, LiveSession>> mine =
        byHash.entrySet().stream()
            .filter(entry -> entry.getValue().caller().equals(caller))
            .toList();
    boolean tooMany = mine.size() >= limits.perCaller();
    if (!tooMany && byHash.size() < limits.total()) {
      return Optional.empty();
    }
    Instant spared = clock.instant().minus(SPARED);
    Optional<Map.Entry<String, LiveSession>> oldest =
        mine.stream()
            .filter(entry -> entry.getValue().isIdleSince(spared))
            .min(Comparator.comparing(entry -> entry.getValue().lastUsed()));
    if (oldest.isPresent()) {
      byHash.remove(oldest.get().getKey());
      gone.add(oldest.get().getValue());
      return Optional.empty();
    }
    Refusal refusal =
        tooMany
            ? Refusal.of(Reason.TOO_MANY_REQUESTS, "You have too many sessions; end one of them")
            : Refusal.of(Reason.UNAVAILABLE, "The server is busy: too many sessions");
    return Optional.of(refusal.retryAfter(SPARED));
  }

  /**
   * The caller's session of that id; it counts as used.
   *
   * @param kind which transport it is of: on another one it does not exist
   */
  <S extends LiveSession> Optional<S> find(String id, Caller caller, Class<S> kind) {
    Optional<S> found = peek(id, caller, kind);
    found.ifPresent(LiveSession::touch);
    return found;
  }

  /** As {@link #find}, for one who only wants to know. */
  <S extends LiveSession> Optional<S> peek(String id, Caller caller, Class<S> kind) {
    if (id.length() > LONGEST_ID) {
      return Optional.empty();
    }
    String hash = hash(id);
    Instant idle = clock.instant().minus(limits.idle());
    Optional<LiveSession> expired = Optional.empty();
    lock.lock();
    try {
      Optional<LiveSession> found = Optional.ofNullable(byHash.get(hash));
      if (found.filter(session -> session.isIdleSince(idle)).isPresent()) {
        byHash.remove(hash);
        expired = found;
        return Optional.empty();
      }
      return found
          .filter(session -> session.caller().equals(caller) && !session.isOver())
          .filter(kind::isInstance)
          .map(kind::cast);
    } finally {
      lock.unlock();
      closeAll(expired.stream().toList());
    }
  }

  /** Ends a session before its time (LH-06). */
  void end(LiveSession session) {
    lock.lock();
    try {
      byHash.values().remove(session);
    } finally {
      lock.unlock();
    }
    session.close();
  }

  /**
   * Ends what nobody has used for long or nobody can use any more, and forgets what nobody will
   * fetch any more.
   *
   * @param mayComeBack whether a caller is still one that can be verified
   */
  void sweep(Predicate<Caller> mayComeBack) {
    Instant now = clock.instant();
    Instant idle = now.minus(limits.idle());
    List<LiveSession> gone;
    List<LiveSession> alive;
    lock.lock();
    try {
      gone = byHash.values().stream().filter(session -> session.isIdleSince(idle)).toList();
      byHash.values().removeAll(gone);
      alive = List.copyOf(byHash.values());
    } finally {
      lock.unlock();
    }
    closeAll(gone);
    for (LiveSession session : alive) { // who knows the callers may block: not under the lock
      Rounds.step(
          () -> {
            if (mayComeBack.test(session.caller())) {
              session.forgetStale(now);
            } else {
              end(session);
            }
          });
    }
  }

  int size() {
    lock.lock();
    try {
      return byHash.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<LiveSession> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(byHash.values());
      byHash.clear();
    } finally {
      lock.unlock();
    }
    closeAll(all);
  }

  /** Whatever goes wrong in one of them, the others are closed too. */
  private static void closeAll(List<LiveSession> sessions) {
    sessions.forEach(session -> Rounds.step(session::close));
  }

  /** Visible ASCII only (LH-03). */
  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  private static String hash(String id) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
