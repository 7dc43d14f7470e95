package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.RpcId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** What waits for one server, by number. Thread-safe. */
public final class CallTable {
  private final Faults faults;
  private final int mostCalls;
  private final LongFunction<Inbox> inboxes;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<Long, Call> calls = new ConcurrentHashMap<>();
  private volatile boolean lost;

  /**
   * @param inboxes makes that of a call with such a number
   */
  public CallTable(Faults faults, int mostCalls, LongFunction<Inbox> inboxes) {
    this.faults = faults;
    this.mostCalls = mostCalls;
    this.inboxes = inboxes;
  }

  /** Opens a call for an exchange; empty when too many are in progress. */
  public Optional<Call> begin() {
    return begin(Call.Purpose.EXCHANGE);
  }

  /** As {@link #begin}, for a call that brings notifications until it is cancelled. */
  public Optional<Call> beginSubscription() {
    return begin(Call.Purpose.SUBSCRIPTION);
  }

  Optional<Call> begin(Call.Purpose purpose) {
    if (open.incrementAndGet() > mostCalls) {
      open.decrementAndGet();
      return Optional.empty();
    }
    long number = numbers.incrementAndGet();
    Call call = new Call(this, number, purpose, inboxes.apply(number));
    calls.put(call.number(), call);
    if (lost) {
      call.put(new Mail.Broken(Breakdown.of(Breakdown.Kind.DIED)));
    }
    return Optional.of(call);
  }

  void forget(Call call) {
    if (calls.remove(call.number(), call)) {
      open.decrementAndGet();
    }
  }

  void count(Fault fault) {
    faults.count(fault);
  }

  /** How many are in progress. */
  public int size() {
    return open.get();
  }

  /**
   * The one call that something without an address can be about (4-T48); empty when there are
   * several, or none.
   */
  public Optional<Call> only(Predicate<Call> mayBe) {
    return sole(call -> call.purpose() == Call.Purpose.EXCHANGE && mayBe.test(call));
  }

  /** The one call whose answer something unreadable can have been, one of our own among them. */
  Optional<Call> onlyUnanswered() {
    return sole(call -> call.purpose() != Call.Purpose.SUBSCRIPTION && !call.isParked());
  }

  private Optional<Call> sole(Predicate<Call> mayBe) {
    List<Call> candidates = calls.values().stream().filter(mayBe).limit(2).toList();
    return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
  }

  /** The subscription of an id that a message names. */
  public Optional<Call> subscription(RpcId id) {
    return find(id).filter(call -> call.purpose() == Call.Purpose.SUBSCRIPTION);
  }

  /** Our numbers go out as numbers; some servers send them back as strings, meaning the same. */
  public Optional<Call> find(RpcId id) {
    String digits = id.token().asString().orElseGet(id.token()::text);
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return Optional.ofNullable(calls.get(Long.parseLong(digits)));
  }

  boolean noneParked() {
    return calls.values().stream().noneMatch(Call::isParked);
  }

  /** Tells every call that the server is gone; says how many were somebody's. */
  public int lose() {
    lost = true; // First, so that a call which begins now is told by one of us.
    List<Call> all = List.copyOf(calls.values());
    all.forEach(call -> call.put(new Mail.Broken(Breakdown.of(Breakdown.Kind.DIED))));
    return (int) all.stream().filter(call -> call.purpose() != Call.Purpose.OUR_OWN).count();
  }
}
