package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call whose code asks from two threads: its own, and one that it started. */
final class AskingFromThreadsTest {
  record Word(String word) {}

  private static final String IT = "{\"name\":\"it\",\"arguments\":{}}";
  private static final Ask<Elicited<Word>> FIRST = Ask.form("first", "First?", Word.class);
  private static final Ask<Elicited<Word>> SECOND = Ask.form("second", "Second?", Word.class);

  private final CountDownLatch firstIsAsked = new CountDownLatch(1);
  private final CountDownLatch secondAsks = new CountDownLatch(1);
  private final AtomicReference<String> second = new AtomicReference<>("not yet");
  private final BlockingQueue<Thread> workers = new ArrayBlockingQueue<>(1);
  private final BlockingQueue<Call> calls = new ArrayBlockingQueue<>(1);
  private final McpServer server =
      McpServer.named("test", "1").tool(Tool.named("it").answering(this::askTwice)).build();
  private final Client client = new Client(server).able("{\"elicitation\":{\"form\":{}}}");

  @AfterEach
  void close() {
    server.close();
  }

  private ToolResult askTwice(Call call) throws InterruptedException {
    calls.add(call);
    Thread worker = Thread.ofVirtual().start(() -> askSecond(call));
    workers.add(worker);
    String own = word(call, FIRST);
    worker.join();
    return ToolResult.text(own + " and " + second.get());
  }

  private void askSecond(Call call) {
    try {
      firstIsAsked.await();
      secondAsks.countDown();
      second.set(word(call, SECOND));
    } catch (InterruptedException over) {
      second.set("interrupted");
    } catch (RuntimeException wrong) {
      second.set(String.valueOf(wrong.getMessage()));
    }
  }

  private static String word(Call call, Ask<Elicited<Word>> ask) throws InterruptedException {
    return call.ask(ask).accepted().orElseThrow().word();
  }

  /** The second thread asks while the first one's question is open. */
  private Thread bothAsk() throws InterruptedException {
    Thread worker = workers.take();
    firstIsAsked.countDown();
    secondAsks.await();
    awaitWaiting(worker);
    return worker;
  }

  private static void awaitWaiting(Thread worker) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (worker.getState() != Thread.State.WAITING
        && worker.getState() != Thread.State.TIMED_WAITING) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static String answer(String key) {
    return "{\"%s\":{\"action\":\"accept\",\"content\":{\"word\":\"%s it is\"}}}"
        .formatted(key, key);
  }

  @Test
  void the_second_is_asked_when_the_first_is_answered_and_each_gets_its_own_answer()
      throws InterruptedException {
    Outcome.InputRequired one = Client.asked(client.request("tools/call", IT));
    bothAsk();

    Outcome.InputRequired two =
        Client.asked(client.again("tools/call", IT, answer("first"), one.handle()));

    assertThat(one.questions()).extracting(Question::key).containsExactly("first");
    assertThat(two.questions()).extracting(Question::key).containsExactly("second");
    assertThat(two.handle()).isNotEqualTo(one.handle());
    assertThat(Client.text(client.again("tools/call", IT, answer("second"), two.handle())))
        .contains("first it is and second it is");
  }

  @Test
  void whoever_waits_for_its_turn_ends_with_the_call() throws InterruptedException {
    Client.asked(client.request("tools/call", IT));
    Thread worker = bothAsk();

    client.cancellation.cancel();

    assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
    assertThat(second).hasValue("interrupted");
  }

  @Test
  void whoever_waits_for_its_turn_can_be_interrupted_and_the_call_goes_on()
      throws InterruptedException {
    Outcome.InputRequired one = Client.asked(client.request("tools/call", IT));
    Thread worker = bothAsk();

    worker.interrupt();

    assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
    assertThat(Client.text(client.again("tools/call", IT, answer("first"), one.handle())))
        .contains("first it is and interrupted");
  }

  @Test
  void a_thread_that_outlives_its_call_asks_nobody() throws InterruptedException {
    Outcome.InputRequired one = Client.asked(client.request("tools/call", IT));
    Thread worker = workers.take();
    worker.interrupt();
    client.again("tools/call", IT, answer("first"), one.handle());
    Call over = calls.take();
    BlockingQueue<String> ends = new ArrayBlockingQueue<>(1);

    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ends.add(word(over, SECOND));
              } catch (InterruptedException nobodyThere) {
                ends.add("interrupted");
              } catch (RuntimeException wrong) {
                ends.add(String.valueOf(wrong.getMessage()));
              }
            });

    assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
  }
}
