package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The slots of one server, each for a conversation, and what bounds their number: when all are
 * taken, one whose conversation is idle is given up. One that is being ended takes a slot until it
 * is gone. Guarded by the lock of {@link Occupancy}.
 */
final class Slots {
  private final Sharing sharing;
  private static final Duration SPARED = Duration.ofMinutes(1);

  private final Respawn respawn;
  private final LongSupplier nanos;
  private final Map<Slot.Key, Slot> byKey = new HashMap<>();
  private final List<ClientSession> orphaned = new ArrayList<>();
  private Optional<Spare> spare = Optional.empty();
  private int ending;

  /** A child that no caller has used yet. */
  private record Spare(ClientProfile profile, Conversation child, long since) {}

  /**
   * What there is at a moment.
   *
   * @param ending children that are being ended
   * @param waiting exchanges that wait for a place
   */
  record Snapshot(List<Slot> slots, Optional<Conversation> spare, int ending, int waiting) {}

  Slots(Sharing sharing, Respawn respawn, LongSupplier nanos) {
    this.nanos = nanos;
    this.sharing = sharing;
    this.respawn = respawn;
  }

  /** The place of a key; one whose child has died is none. */
  Optional<Slot> find(Slot.Key key) {
    Optional<Slot> slot = Optional.ofNullable(byKey.get(key));
    slot.filter(Slot::isDead).ifPresent(this::bury);
    return slot.filter(found -> !found.isDead());
  }

  boolean holds(Slot slot) {
    return byKey.get(slot.key) == slot;
  }

  /** Whether the session of a scope has ended, or lost what it had here. */
  boolean isOver(Scope scope) {
    return scope
        .life()
        .filter(session -> session.isOver() || orphaned.contains(session))
        .isPresent();
  }

  void buryDead() {
    byKey.values().stream().filter(Slot::isDead).toList().forEach(this::bury);
    spare = spare.filter(some -> some.child().alive());
  }

  /** A child that died: its place is free, and who had lost something with it is to be told. */
  private void bury(Slot slot) {
    byKey.remove(slot.key, slot);
    respawn.crashed(slot.key.scope().account());
    slot.key.scope().life().ifPresent(orphaned::add);
  }

  /**
   * Makes a place for a key that has none; empty while all are taken.
   *
   * @param toEnd is added what has to be ended before another child starts there
   */
  Optional<Slot> place(Slot.Key key, List<Conversation> toEnd) {
    buryDead();
    Optional<Caller> account = key.scope().account();
    if (isFull(account) && !evict(account, slot -> isOf(slot, account), toEnd)) {
      return Optional.empty();
    }
    Slot fresh = new Slot(key);
    Optional<Spare> fitting = spare.filter(some -> some.profile().equals(key.profile()));
    if (fitting.isPresent()) {
      spare = Optional.empty();
      fresh.ready(fitting.get().child());
      fresh.settle();
    } else if (!makeRoom(account, toEnd)) {
      return Optional.empty();
    }
    byKey.put(key, fresh);
    return Optional.of(fresh);
  }

  /** What was taken out already is ended before the new child starts, so its place is free. */
  private boolean makeRoom(Optional<Caller> account, List<Conversation> toEnd) {
    return size() - toEnd.size() < sharing.children()
        || evictSpare(toEnd)
        || evict(account, slot -> true, toEnd);
  }

  /** How many places go on an account. */
  long held(Optional<Caller> account) {
    return byKey.keySet().stream().filter(key -> key.scope().account().equals(account)).count();
  }

  private boolean isFull(Optional<Caller> account) {
    return account.isPresent() && held(account) >= sharing.childrenPerCaller();
  }

  boolean mayHaveMore(Optional<Caller> account) {
    return !isFull(account)
        || byKey.values().stream()
            .anyMatch(slot -> isOf(slot, account) && slot.isIdle() && mayGo(slot));
  }

  private static Optional<Caller> account(Slot slot) {
    return slot.key.scope().account();
  }

  private static boolean isOf(Slot slot, Optional<Caller> account) {
    return account(slot).equals(account);
  }

  /** A session ends with its child, so one that was just used keeps it. */
  private boolean mayGo(Slot slot) {
    return slot.key.scope().life().isEmpty()
        || nanos.getAsLong() - slot.lastUsed > SPARED.toNanos();
  }

  boolean evictSpare(List<Conversation> toEnd) {
    spare.ifPresent(some -> toEnd.add(some.child()));
    boolean had = spare.isPresent();
    spare = Optional.empty();
    ending += had ? 1 : 0;
    return had;
  }

  /**
   * Takes out the child that has been idle for longest, of those that hold most. Nobody loses one
   * to somebody who holds as many; and a session that was just used is not ended for another.
   */
  private boolean evict(Optional<Caller> asking, Predicate<Slot> among, List<Conversation> toEnd) {
    long own = held(asking);
    Optional<Slot> victim =
        byKey.values().stream()
            .filter(Slot::isIdle)
            .filter(among)
            .filter(this::mayGo)
            .filter(slot -> isOf(slot, asking) || held(account(slot)) > own)
            .min(
                Comparator.comparingLong((Slot slot) -> -held(account(slot)))
                    .thenComparingLong(slot -> slot.lastUsed));
    victim.ifPresent(slot -> remove(slot, toEnd));
    return victim.isPresent();
  }

  /** Takes a child out, or has its start interrupted; what its session had is lost then. */
  private void remove(Slot slot, List<Conversation> toEnd) {
    byKey.remove(slot.key, slot);
    Optional<Conversation> child = slot.child();
    if (child.isPresent()) {
      toEnd.add(child.get());
      ending++;
      slot.key.scope().life().ifPresent(orphaned::add);
    } else {
      slot.starter.ifPresent(Thread::interrupt);
    }
  }

  void forget(Slot slot) {
    byKey.remove(slot.key, slot);
  }

  void ended() {
    ending--;
  }

  boolean wantsSpare() {
    return spare.isEmpty() && size() < sharing.children();
  }

  void adopt(ClientProfile profile, Conversation child, long now) {
    spare = Optional.of(new Spare(profile, child, now));
  }

  /** Takes out what a session had. */
  void release(ClientSession session, List<Conversation> toEnd) {
    byKey.values().stream()
        .filter(slot -> slot.key.scope().life().filter(session::equals).isPresent())
        .toList()
        .forEach(slot -> remove(slot, toEnd));
  }

  /** The sessions whose child is gone: they are over until they are forgotten. */
  List<ClientSession> orphaned() {
    return List.copyOf(orphaned);
  }

  void forget(ClientSession session) {
    orphaned.removeIf(session::equals);
  }

  /** Takes out what has not been used since then. */
  void retireUnused(long since, List<Conversation> toEnd) {
    byKey.values().stream()
        .filter(slot -> slot.isIdle() && slot.lastUsed - since <= 0)
        .toList()
        .forEach(slot -> remove(slot, toEnd));
    if (!sharing.warmSpare() && spare.filter(some -> some.since() - since <= 0).isPresent()) {
      evictSpare(toEnd);
    }
  }

  /** Whether any is being ended. */
  boolean isEnding() {
    return ending > 0;
  }

  /** Takes out everything; says which places that were. */
  List<Slot> clear(List<Conversation> toEnd) {
    List<Slot> all = List.copyOf(byKey.values());
    all.forEach(slot -> remove(slot, toEnd));
    evictSpare(toEnd);
    return all;
  }

  /** How many there are, and are being started or ended. */
  int size() {
    return byKey.size() + ending + (spare.isPresent() ? 1 : 0);
  }

  Snapshot snapshot(int waiting) {
    return new Snapshot(List.copyOf(byKey.values()), spare.map(Spare::child), ending, waiting);
  }
}
