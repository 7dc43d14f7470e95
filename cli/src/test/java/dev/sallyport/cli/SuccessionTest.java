package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.Route;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.federation.Member;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.upstream.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose definition changes: who serves, and until when. */
@Timeout(120)
final class SuccessionTest {
  private static final String HEAD =
      "callers: anyone\nlimits: {requests-per-second: 100000, burst: 100000}";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path folder;
  private final HttpEngine engine = HttpEngine.begin();
  private ServeFolder serving = new ServeFolder(Path.of(""));

  @BeforeEach
  void lay() throws IOException {
    serving = new ServeFolder(folder);
    serving.write(HEAD, serving.servers("one"));
  }

  @AfterEach
  void end() {
    engine.close();
    Logging.use(LogSettings.USUAL);
  }

  /** A definition of it that comes to nothing. */
  private static String broken(String program) {
    return "  one: {command: /no/" + program + ", isolation: shared, sandbox: none}\n";
  }

  /** One that starts as soon as a file is there. */
  private String late() throws IOException {
    String text =
        """
        [ -e "$(dirname "$0")/go" ] || exit 1
        exec "$(dirname "$0")/server" "$1"
        """;
    Path script = Program.script(folder.resolve("late"), text);
    return "  one: {command: " + script + ", args: [one], isolation: shared, sandbox: none}\n";
  }

  private String change(Running running, String servers) throws IOException {
    serving.write(HEAD, servers);
    return running.readAgain();
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  @Test
  void one_that_works_serves_on_when_its_new_definition_does_not_start_and_that_is_said_once()
      throws Exception {
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer old = running.server("one");
      assertThat(change(running, broken("first")))
          .contains(
              "! one: the old definition serves for 10 min more at most; the new one does not"
                  + " start: command not found: /no/first",
              "✓ reloaded");
      assertThat(running.server("one")).isSameAs(old);
      assertThat(old.isRetired()).isFalse();
      assertThat(running.call("one")).contains("one here");
      assertThat(change(running, "  # a remark\n" + broken("first")))
          .contains("✓ reloaded")
          .doesNotContain("the old definition");
    }
  }

  @Test
  void how_it_stands_says_which_definition_serves_and_why() throws Exception {
    try (Running running = Running.begin(serving, engine)) {
      Standings standings = new Standings(running.fleet(), List.of("http://here"));
      standings.started();
      assertThat(standings.servers()).containsExactly("one: up");
      change(running, broken("first"));
      assertThat(standings.notReady()).isEmpty();
      assertThat(standings.servers())
          .containsExactly(
              "one: up; its old definition, because the new one is down, command not found:"
                  + " /no/first");
      JsonObject told =
          standings.status().array("servers").orElseThrow().getFirst().asObject().orElseThrow();
      assertThat(told.toJson().text())
          .contains("\"state\":\"ready\"")
          .contains(
              "\"successor\":{\"state\":\"does not start\",\"why\":\"command not found:"
                  + " /no/first\"");
      assertThat(StatusReport.isReady(told)).isFalse();
      assertThat(StatusReport.isReady(told.without("successor"))).isTrue();
      assertThat(StatusReport.lines(told).get(1))
          .isEqualTo(
              "  THE OLD DEFINITION SERVES; the new one: does not start: command not found:"
                  + " /no/first");
      assertThat(standings.outline().toJson().text())
          .contains("\"successor\":{\"state\":\"does not start\",\"takesOverInSeconds\":")
          .doesNotContain("/no/first");
    }
  }

  @Test
  void one_that_does_not_work_is_given_up_for_its_new_definition_at_once() throws Exception {
    serving.write(HEAD, broken("first"));
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer old = running.server("one");
      assertThat(change(running, broken("second")))
          .contains("✓ reloaded")
          .doesNotContain("the old definition");
      assertThat(running.server("one")).isNotSameAs(old);
      assertThat(running.place("one").successor()).isEmpty();
      assertThat(running.call("one"))
          .contains("-32603", "upstream unavailable: one does not start")
          .doesNotContain("second");
    }
  }

  @Test
  void the_new_one_takes_the_place_when_it_comes_up_and_the_old_one_ends() throws Exception {
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer old = running.server("one");
      assertThat(change(running, late())).contains("! one: the old definition serves for 10 min");
      Files.createFile(folder.resolve("go"));
      running.await(() -> running.said().contains("✓ replaced   one: the new definition serves"));
      assertThat(running.server("one")).isNotSameAs(old);
      assertThat(running.place("one").successor()).isEmpty();
      running.await(old::isRetired);
      assertThat(running.call("one")).contains("one here");
      running.await(() -> threads("sallyport-successor-").isEmpty());
    }
  }

  @Test
  void when_its_time_is_over_the_old_one_ends_although_the_new_one_does_not_start()
      throws Exception {
    try (Running running = Running.begin(serving, engine, SHORT, Map.of())) {
      ConfiguredServer old = running.server("one");
      assertThat(change(running, broken("first"))).contains("! one: the old definition serves");
      running.await(
          () ->
              running
                  .said()
                  .contains(
                      "! one: the old definition serves no more, its time is over; the new one does"
                          + " not start: command not found: /no/first"));
      running.await(old::isRetired);
      assertThat(running.server("one").standing().state()).isInstanceOf(Standing.State.Down.class);
      assertThat(running.call("one")).contains("upstream unavailable: one does not start");
    }
  }

  @Test
  void further_changes_do_not_give_the_old_one_more_time_and_the_newest_is_the_one_tried()
      throws Exception {
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer old = running.server("one");
      change(running, broken("first"));
      Place.Successor first = running.place("one").successor().orElseThrow();
      assertThat(change(running, broken("second"))).contains("not found: /no/second");
      Place.Successor second = running.place("one").successor().orElseThrow();
      assertThat(running.server("one")).isSameAs(old);
      assertThat(second.server()).isNotSameAs(first.server());
      assertThat(second.until()).isEqualTo(first.until());
      running.await(first.server()::isRetired);
      // One that works takes the place in the change itself.
      assertThat(change(running, serving.servers("one") + "    timeout: 70s\n"))
          .contains("✓ replaced   one: the new definition serves", "✓ reloaded");
      assertThat(running.server("one").isUp()).isTrue();
      assertThat(running.server("one")).isNotSameAs(old);
    }
  }

  @Test
  void a_change_that_is_taken_back_leaves_the_old_one_as_it_was() throws Exception {
    try (Running running = Running.begin(serving, engine, SHORT, Map.of())) {
      ConfiguredServer old = running.server("one");
      change(running, broken("first"));
      ConfiguredServer next = running.place("one").wanted();
      assertThat(change(running, serving.servers("one")))
          .contains("✓ reloaded")
          .doesNotContain("definition");
      assertThat(running.place("one")).isEqualTo(Place.of(old));
      running.await(next::isRetired);
      running.await(() -> threads("sallyport-successor-").isEmpty());
      // Its time was the other's; this is a new change, with a time of its own.
      long now = System.nanoTime();
      change(running, broken("second"));
      assertThat(running.place("one").successor().orElseThrow().until() - now)
          .isGreaterThanOrEqualTo(SHORT.toNanos());
      assertThat(serving.begun("one")).isEqualTo(1);
    }
  }

  @Test
  void one_that_is_taken_out_of_the_file_ends_at_once_with_the_one_that_was_to_replace_it()
      throws Exception {
    serving.write(HEAD, serving.servers("one", "two"));
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer old = running.server("one");
      change(running, broken("first") + serving.servers("two"));
      ConfiguredServer next = running.place("one").wanted();
      change(running, serving.servers("two"));
      assertThat(running.names()).containsExactly("two");
      running.await(old::isRetired);
      running.await(next::isRetired);
    }
  }

  @Test
  void what_the_new_configuration_says_of_tools_counts_for_the_old_one_and_who_shares_it_does_not()
      throws Exception {
    serving.write(HEAD, serving.servers("one", "two").replaceFirst("shared", "caller"));
    try (Running running = Running.begin(serving, engine)) {
      assertThat(running.call("one__one")).contains("one here");
      String renamed = broken("first").replace("}", ", tools: {rename: {one: uno}}}");
      change(running, renamed + serving.servers("two"));
      assertThat(running.call("one__uno")).contains("one here");
      assertThat(running.call("one__one")).contains("Unknown tool");
      assertThat(isolations(running)).containsExactly(Isolation.CALLER, Isolation.SHARED);
      change(running, serving.servers("one", "two"));
      assertThat(isolations(running)).containsExactly(Isolation.SHARED, Isolation.SHARED);
    }
  }

  private List<Isolation> isolations(Running running) throws IOException {
    Reading.Sound read = (Reading.Sound) ConfigReader.read(serving.file(), Map.of());
    Route route = running.fleet().routes(read.config(), running.doors().sites()).getFirst();
    return ((Crew.Several) route.crew()).members().stream().map(Member::isolation).toList();
  }

  @Test
  void a_stop_meanwhile_leaves_nothing_behind() throws Exception {
    Running running = Running.begin(serving, engine);
    change(running, late());
    assertThat(threads("sallyport-successor-")).containsExactly("sallyport-successor-one");
    running.close();
    assertThat(threads("sallyport-successor-")).isEmpty();
    assertThat(threads("sallyport-start-")).isEmpty();
    assertThat(running.said()).doesNotContain("serves no more", "✓ replaced");
  }

  @Test
  void no_call_fails_while_definitions_that_do_and_do_not_start_come_and_go() throws Exception {
    try (Running running = Running.begin(serving, engine, LONG, Map.of())) {
      CountDownLatch over = new CountDownLatch(1);
      AtomicInteger calls = new AtomicInteger();
      ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
      List<Thread> callers =
          IntStream.range(0, 4)
              .mapToObj(_ -> Thread.ofPlatform().start(() -> callOn(running, over, calls, failed)))
              .toList();
      try {
        for (int at = 0; at < 50; at++) {
          int before = calls.get();
          change(
              running,
              at % 10 == 9
                  ? serving.servers("one") + "    timeout: " + (70 + at) + "s\n"
                  : broken("number-" + at));
          running.await(() -> calls.get() > before + 4);
        }
      } finally {
        over.countDown();
        Fleet.await(callers);
      }
      assertThat(failed).isEmpty();
      assertThat(serving.begun("one")).isEqualTo(1 + 5);
      assertThat(calls.get()).isGreaterThan(200);
    }
  }

  private static void callOn(
      Running running,
      CountDownLatch over,
      AtomicInteger calls,
      ConcurrentLinkedQueue<String> failed) {
    while (over.getCount() > 0) {
      try {
        String answer = running.call("one");
        if (!answer.contains("one here")) {
          failed.add(answer);
        }
      } catch (IOException e) {
        failed.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      calls.incrementAndGet();
    }
  }
}
