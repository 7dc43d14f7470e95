package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The pool alone, with children that are no processes. */
final class ConversationPoolTest {
  private static final Scope ALICES = new Scope.OneCaller(ALICE);
  private static final Caller CAROL = new Caller("key", "carol", "k");
  private static final Scope BOBS = new Scope.OneCaller(BOB);

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger starts = new AtomicInteger();
  private final List<FakeConversation> started = new CopyOnWriteArrayList<>();
  private volatile boolean failing;

  private static final class FakeConversation implements Conversation {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile CountDownLatch slow = new CountDownLatch(0);
    private volatile boolean busy;
    private volatile boolean breaks;

    @Override
    public Carried carryOut(Exchange exchange) {
      return new Carried.Done(new Outcome.Complete(JsonObject.EMPTY));
    }

    @Override
    public Listening listen(Exchange exchange) {
      return new Listening.Over(new Outcome.Complete(JsonObject.EMPTY));
    }

    @Override
    public boolean has(ListChange list) {
      return true;
    }

    @Override
    public boolean alive() {
      return ended.getCount() > 0;
    }

    @Override
    public boolean busy() {
      return busy;
    }

    @Override
    public int calls() {
      return busy ? 1 : 0;
    }

    @Override
    public boolean answers(Duration limit) {
      return alive();
    }

    @Override
    public String where() {
      return "nowhere";
    }

    @Override
    public ProtocolVersion version() {
      return ProtocolVersion.LATEST_LEGACY;
    }

    @Override
    public String era() {
      return "legacy";
    }

    @Override
    public void close() {
      ending.countDown();
      try {
        slow.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ended.countDown();
      if (breaks) {
        throw new IllegalStateException("it breaks");
      }
    }
  }

  private Conversation start(ClientProfile profile) throws StartException {
    starts.incrementAndGet();
    if (failing) {
      throw StartException.incompatible(List.of());
    }
    FakeConversation child = new FakeConversation();
    started.add(child);
    return child;
  }

  private static Sharing sharing(int children, int perCaller) {
    return Sharing.DEFAULT
        .withChildren(children, perCaller)
        .withIdle(Duration.ofSeconds(10))
        .withPatience(Duration.ofMillis(50));
  }

  private ConversationPool pool(int children, int perCaller) {
    return new ConversationPool(
        sharing(children, perCaller), this::start, _ -> {}, breaker(), now::get, () -> 0);
  }

  private StartBreaker breaker() {
    return new StartBreaker(Duration.ofMinutes(5), now::get, () -> 0);
  }

  private static Borrowed borrow(ConversationPool pool, Scope scope, ClientProfile profile) {
    return pool.borrow(new Slot.Key(scope, profile), new Cancellation());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static void use(Borrowed borrowed) {
    assertThat(borrowed).isInstanceOf(Borrowed.Lent.class);
    ((Borrowed.Lent) borrowed).close();
  }

  @Test
  void a_server_that_does_not_come_up_is_not_started_for_every_call() {
    try (ConversationPool pool = pool(5, 5)) {
      failing = true;
      for (int i = 0; i < 20; i++) {
        assertThat(borrow(pool, ALICES, ClientProfile.NONE)).isEqualTo(new Borrowed.Broken());
      }
      assertThat(starts).hasValue(3);
      assertThat(pool.size()).isZero();

      failing = false;
      pass(Duration.ofSeconds(1));
      use(borrow(pool, ALICES, ClientProfile.NONE));
    }
  }

  @Test
  void a_child_is_started_for_the_scope_that_asks_and_kept_for_it() {
    try (ConversationPool pool = pool(5, 5)) {
      use(borrow(pool, ALICES, ClientProfile.NONE));
      use(borrow(pool, BOBS, ClientProfile.NONE));
      use(borrow(pool, new Scope.OneCaller(ALICE), ClientProfile.NONE));

      assertThat(started).hasSize(2);
    }
  }

  @Test
  void an_idle_child_is_retired_after_its_time_and_a_busy_one_is_not() throws Exception {
    try (ConversationPool pool = pool(5, 5)) {
      use(borrow(pool, ALICES, ClientProfile.NONE));
      use(borrow(pool, BOBS, ClientProfile.NONE));
      started.getFirst().busy = true;
      pass(Duration.ofSeconds(9));
      pool.goRound();
      assertThat(pool.size()).isEqualTo(2);

      pass(Duration.ofSeconds(1));
      pool.goRound();

      assertThat(started.getLast().ended.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(started.getFirst().alive()).isTrue();
    }
  }

  @Test
  void a_child_that_cannot_be_ended_keeps_neither_the_others_nor_its_place() throws Exception {
    try (ConversationPool pool = pool(2, 2)) {
      use(borrow(pool, ALICES, ClientProfile.NONE));
      use(borrow(pool, BOBS, ClientProfile.NONE));
      started.forEach(each -> each.breaks = true);
      pass(Duration.ofSeconds(10));

      pool.goRound();

      for (FakeConversation each : started) {
        assertThat(each.ended.await(5, TimeUnit.SECONDS)).isTrue();
      }
      Fakes.until("both places are free", () -> pool.size() == 0);
    }
  }

  @Test
  void a_child_that_is_lent_is_neither_retired_nor_evicted() {
    try (ConversationPool pool = pool(1, 1)) {
      Borrowed.Lent lent = (Borrowed.Lent) borrow(pool, ALICES, ClientProfile.NONE);
      pass(Duration.ofMinutes(5));
      pool.goRound();

      assertThat(borrow(pool, BOBS, ClientProfile.NONE)).isEqualTo(new Borrowed.Full());
      assertThat(started.getFirst().alive()).isTrue();
      lent.close();
      use(borrow(pool, BOBS, ClientProfile.NONE));
      assertThat(started.getFirst().alive()).isFalse();
    }
  }

  @Test
  void who_has_most_loses_what_was_idle_for_longest_to_who_has_less() {
    ClientProfile sampling = new ClientProfile(false, true, false, false, false, false);
    try (ConversationPool pool = pool(2, 2)) {
      use(borrow(pool, ALICES, ClientProfile.NONE));
      pass(Duration.ofSeconds(1));
      use(borrow(pool, ALICES, sampling));

      use(borrow(pool, BOBS, ClientProfile.NONE));

      assertThat(started.getFirst().alive()).isFalse();
      assertThat(started.get(1).alive()).isTrue();
      // Now each has one, so neither loses it to the other.
      assertThat(borrow(pool, new Scope.OneCaller(CAROL), ClientProfile.NONE))
          .isInstanceOf(Borrowed.Lent.class);
      assertThat(borrow(pool, BOBS, sampling)).isInstanceOf(Borrowed.Lent.class);
    }
  }

  @Test
  void a_session_that_was_just_used_is_not_ended_for_another() throws Exception {
    ClientSession first = new ClientSession("first");
    Scope firsts = new Scope.OneSession(ALICE, first);
    Scope seconds = new Scope.OneSession(ALICE, new ClientSession("second"));
    try (ConversationPool pool = pool(1, 1)) {
      use(borrow(pool, firsts, ClientProfile.NONE));
      pass(Duration.ofMinutes(1));
      assertThat(borrow(pool, seconds, ClientProfile.NONE)).isEqualTo(new Borrowed.Full());
      assertThat(first.isOver()).isFalse();

      pass(Duration.ofNanos(1));
      use(borrow(pool, seconds, ClientProfile.NONE));

      Fakes.until("the session ended with its child", first::isOver);
    }
  }

  @Test
  void closing_waits_for_the_child_of_a_session_that_has_just_ended() throws Exception {
    ClientSession session = new ClientSession("first");
    ConversationPool pool = pool(1, 1);
    use(borrow(pool, new Scope.OneSession(ALICE, session), ClientProfile.NONE));
    CountDownLatch slow = new CountDownLatch(1);
    started.getFirst().slow = slow;
    session.end();
    BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>(1);
    Thread.ofVirtual()
        .start(
            () -> {
              pool.close();
              closed.add(started.getFirst().alive());
            });

    assertThat(started.getFirst().ending.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(closed).isEmpty();
    slow.countDown();
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(false);
  }

  @Test
  void a_child_that_died_is_replaced() {
    try (ConversationPool pool = pool(1, 1)) {
      use(borrow(pool, ALICES, ClientProfile.NONE));
      started.getFirst().close();

      use(borrow(pool, ALICES, ClientProfile.NONE));

      assertThat(started).hasSize(2);
    }
  }

  @Test
  void the_spare_is_given_away_once_and_makes_room_when_it_suits_nobody() {
    FakeConversation spare = new FakeConversation();
    try (ConversationPool pool = pool(1, 1)) {
      pool.adopt(ClientProfile.NONE, spare);
      assertThat(pool.size()).isEqualTo(1);
      ClientProfile sampling = new ClientProfile(false, true, false, false, false, false);

      use(borrow(pool, ALICES, sampling));

      assertThat(spare.alive()).isFalse();
      assertThat(pool.size()).isEqualTo(1);
    }
  }

  @Test
  void who_leaves_during_a_start_does_not_wait_for_it_and_the_next_one_has_the_child()
      throws Exception {
    CountDownLatch starting = new CountDownLatch(1);
    CountDownLatch slow = new CountDownLatch(1);
    try (ConversationPool pool =
        new ConversationPool(
            sharing(1, 1),
            profile -> {
              starting.countDown();
              slow.await();
              return start(profile);
            },
            _ -> {},
            breaker(),
            now::get,
            () -> 0)) {
      List<Cancellation> leaving = List.of(new Cancellation(), new Cancellation());
      BlockingQueue<Borrowed> left = new LinkedBlockingQueue<>(2);
      for (Cancellation each : leaving) {
        Thread.ofVirtual()
            .start(() -> left.add(pool.borrow(new Slot.Key(ALICES, ClientProfile.NONE), each)));
      }
      BlockingQueue<Borrowed> stayed = new LinkedBlockingQueue<>(1);
      Thread.ofVirtual().start(() -> stayed.add(borrow(pool, ALICES, ClientProfile.NONE)));
      starting.await();

      leaving.forEach(Cancellation::cancel);

      assertThat(left.poll(5, TimeUnit.SECONDS)).isEqualTo(new Borrowed.Cancelled());
      assertThat(left.poll(5, TimeUnit.SECONDS)).isEqualTo(new Borrowed.Cancelled());
      slow.countDown();
      use(stayed.take());
      pass(Duration.ofSeconds(11));
      pool.goRound();
      assertThat(started.getFirst().ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(starts).hasValue(1);
  }

  @Test
  void closing_interrupts_a_start_that_hangs() throws Exception {
    BlockingQueue<Boolean> hanging = new LinkedBlockingQueue<>(1);
    CountDownLatch never = new CountDownLatch(1);
    ConversationPool pool =
        new ConversationPool(
            sharing(1, 1),
            _ -> {
              hanging.add(true);
              never.await();
              throw new IllegalStateException("never");
            },
            _ -> {},
            breaker(),
            now::get,
            () -> 0);
    BlockingQueue<Borrowed> outcome = new LinkedBlockingQueue<>(1);
    Thread.ofVirtual().start(() -> outcome.add(borrow(pool, ALICES, ClientProfile.NONE)));
    assertThat(hanging.poll(5, TimeUnit.SECONDS)).isTrue();

    pool.close();

    assertThat(outcome.poll(5, TimeUnit.SECONDS)).isEqualTo(new Borrowed.Broken());
    assertThat(borrow(pool, BOBS, ClientProfile.NONE)).isEqualTo(new Borrowed.Broken());
  }
}
