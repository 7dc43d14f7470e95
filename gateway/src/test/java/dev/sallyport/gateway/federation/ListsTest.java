package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.BOB;
import static dev.sallyport.gateway.federation.Endpoint.error;
import static dev.sallyport.gateway.federation.Endpoint.names;
import static dev.sallyport.gateway.federation.Endpoint.result;
import static dev.sallyport.gateway.federation.Endpoint.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.Isolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of several servers as one. */
@Timeout(30)
final class ListsTest {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final Endpoint endpoint = new Endpoint();

  private static String tools(String... names) {
    return "{\"tools\":["
        + List.of(names).stream()
            .map(name -> "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}")
            .collect(Collectors.joining(","))
        + "]}";
  }

  @Test
  void tools_of_all_servers_are_listed_in_the_order_of_their_prefixes() {
    endpoint.tickets.answer("tools/list", tools("open", "close"));
    endpoint.notes.answer("tools/list", tools("write", "read"));
    Outcome outcome = endpoint.ask("tools/list", "{}");
    assertThat(names(outcome, "tools"))
        .containsExactly("notes__write", "notes__read", "tickets__open", "tickets__close");
    assertThat(result(outcome).toJson().text())
        .contains("{\"name\":\"notes__write\",\"inputSchema\":{\"type\":\"object\"}}")
        .contains("\"name\":\"team\"")
        .doesNotContain("nextCursor", "missing");
  }

  @Test
  void resources_and_templates_have_prefixes_in_their_uris_alone() {
    endpoint.notes.answer(
        "resources/list", "{\"resources\":[{\"uri\":\"file:///a\",\"name\":\"a\"}]}");
    endpoint.notes.answer(
        "resources/templates/list",
        "{\"resourceTemplates\":[{\"uriTemplate\":\"file:///{p}\",\"name\":\"t\"}]}");
    assertThat(texts(endpoint.ask("resources/list", "{}"), "resources", "uri"))
        .containsExactly("notes+file:///a");
    assertThat(names(endpoint.ask("resources/list", "{}"), "resources")).containsExactly("a");
    assertThat(
            texts(
                endpoint.ask("resources/templates/list", "{}"), "resourceTemplates", "uriTemplate"))
        .containsExactly("notes+file:///{p}");
  }

  @Test
  void a_list_that_nobody_has_is_empty() {
    assertThat(names(endpoint.ask("prompts/list", "{}"), "prompts")).isEmpty();
  }

  @Test
  void a_page_of_an_app_is_named_as_it_can_be_read() {
    endpoint.notes.answer(
        "tools/list",
        "{\"tools\":[{\"name\":\"t\",\"_meta\":{\"ui\":{\"resourceUri\":\"ui://p/1\"}}}]}");
    assertThat(result(endpoint.ask("tools/list", "{}")).toJson().text())
        .contains("\"resourceUri\":\"ui://notes/p/1\"");
  }

  @Test
  void of_two_tools_with_one_name_the_first_is_listed() {
    endpoint.notes.answer(
        "tools/list",
        "{\"tools\":[{\"name\":\"t\",\"title\":\"1\"},{\"name\":\"t\",\"title\":\"2\"},{}]}");
    assertThat(texts(endpoint.ask("tools/list", "{}"), "tools", "title")).containsExactly("1");
  }

  @Test
  void a_long_name_that_is_older_than_this_process_is_looked_up() {
    String name = "x".repeat(80);
    String exposed = new Names("notes").exposed(name).orElseThrow();
    endpoint.notes.answer("tools/list", tools(name));
    endpoint.notes.answer("tools/call", "{\"content\":[]}");
    result(endpoint.ask("tools/call", "{\"name\":\"" + exposed + "\"}"));
    assertThat(endpoint.notes.askedWith("tools/call"))
        .containsExactly("{\"name\":\"" + name + "\"}");
    assertThat(endpoint.tickets.asked).isEmpty();
    result(endpoint.ask("tools/call", "{\"name\":\"notes__made_up_00000000\"}"));
    result(endpoint.ask("tools/call", "{\"name\":\"notes__made_up_00000001\"}"));
    assertThat(endpoint.notes.askedWith("tools/list")).hasSize(1);
  }

  // ---- pages

  private static Outcome paged(Exchange exchange, int pages, int each) {
    int page = exchange.params().string("cursor").map(Integer::parseInt).orElse(0);
    String entries =
        IntStream.range(page * each, (page + 1) * each)
            .mapToObj(i -> "{\"name\":\"t" + i + "\"}")
            .collect(Collectors.joining(","));
    JsonObject result = FakeServer.object("{\"tools\":[" + entries + "]}");
    return new Outcome.Complete(
        page + 1 < pages ? result.with("nextCursor", String.valueOf(page + 1)) : result);
  }

  private List<String> walk() {
    List<String> all = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Outcome page =
          endpoint.ask(
              "tools/list", cursor.map(text -> "{\"cursor\":\"" + text + "\"}").orElse("{}"));
      all.addAll(names(page, "tools"));
      cursor = result(page).string("nextCursor");
    } while (cursor.isPresent());
    return all;
  }

  @Test
  void short_pages_of_servers_become_one() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 5, 3));
    endpoint.tickets.answer("tools/list", tools("open"));
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools"))
        .hasSize(16)
        .startsWith("notes__t0")
        .endsWith("notes__t14", "tickets__open");
  }

  @Test
  void many_entries_come_in_pages_and_none_is_lost_or_comes_twice() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 7, 400));
    endpoint.tickets.answer("tools/list", exchange -> paged(exchange, 2, 800));
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools").size()).isBetween(1_000, 2_000);
    assertThat(walk())
        .hasSize(2_800 + 1_600)
        .doesNotHaveDuplicates()
        .startsWith("notes__t0")
        .endsWith("tickets__t1599");
  }

  @Test
  void a_page_asks_no_more_servers_than_it_takes_once_their_sizes_are_known() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 1, 1_000));
    endpoint.tickets.answer("tools/list", exchange -> paged(exchange, 1, 1_000));
    assertThat(walk()).hasSize(2_000);
    int before = endpoint.tickets.asked.size();
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).hasSize(1_000);
    assertThat(endpoint.tickets.asked).hasSize(before);
    // When there are fewer than expected, the others are asked after all.
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 1, 10));
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).hasSize(1_010);
    assertThat(walk()).hasSize(1_010).doesNotHaveDuplicates();
  }

  @Test
  void what_a_server_lets_be_kept_is_asked_for_once() {
    endpoint.notes.answer("tools/list", tools("read").replace("]}", "],\"ttlMs\":60000}"));
    endpoint.tickets.answer("tools/list", tools("open"));
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools"))
        .isEqualTo(names(endpoint.ask("tools/list", "{}"), "tools"))
        .containsExactly("notes__read", "tickets__open");
    assertThat(endpoint.notes.asked).hasSize(1);
    assertThat(endpoint.tickets.asked).hasSize(2);
    endpoint.federation.change(
        Endpoint.crew(
            new Member("notes", endpoint.notes), new Member("tickets", endpoint.tickets)));
    endpoint.ask("tools/list", "{}");
    assertThat(endpoint.notes.asked).as("after a change of the file").hasSize(2);
  }

  @Test
  void a_cursor_is_good_for_its_caller_its_list_and_as_it_is() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 3, 1_000));
    String cursor = result(endpoint.ask("tools/list", "{}")).string("nextCursor").orElseThrow();
    String params = "{\"cursor\":\"" + cursor + "\"}";
    assertThat(names(endpoint.ask("tools/list", params), "tools")).contains("notes__t1000");
    assertThat(error(endpoint.ask(BOB, "tools/list", params, new Cancellation())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(error(endpoint.ask("prompts/list", params)).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"1\"", "\"notes 1\"", "1", "\"null\"", "false", "[]", "{}"})
  void a_cursor_that_is_none_of_ours_is_refused(String cursor) {
    assertThat(error(endpoint.ask("tools/list", "{\"cursor\":" + cursor + "}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(endpoint.notes.asked).isEmpty();
  }

  @Test
  void a_cursor_that_is_null_is_none() {
    endpoint.notes.answer("tools/list", tools("read"));
    endpoint.tickets.answer("tools/list", tools("open"));
    assertThat(names(endpoint.ask("tools/list", "{\"cursor\":null}"), "tools"))
        .containsExactly("notes__read", "tickets__open");
    assertThat(endpoint.notes.askedWith("tools/list")).containsExactly("{}");
  }

  @Test
  void servers_are_told_how_far_a_request_has_come() { // 2.7.16
    endpoint.notes.answer("tools/list", tools("read"));
    endpoint.ask("tools/list", "{\"_meta\":{\"a\":1,\"dev.sallyport/hops\":2}}");
    assertThat(endpoint.notes.askedWith("tools/list"))
        .containsExactly("{\"_meta\":{\"dev.sallyport/hops\":2}}");
  }

  @Test
  void a_server_whose_list_never_ends_keeps_nobody_from_the_next() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, Integer.MAX_VALUE, 1_000));
    endpoint.tickets.answer("tools/list", tools("open"));
    assertThat(walk()).hasSize(100 * 1_000 + 1).endsWith("tickets__open");
  }

  /** As many as one who looks a tool up reads; beyond them it would be no list. */
  @Test
  void a_server_whose_list_never_ends_has_a_list_of_a_hundred_pages() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, Integer.MAX_VALUE, 1_000));
    JsonObject params = ToolGroups.asking("notes");
    for (int page = 1; page < 100; page++) {
      String cursor =
          result(endpoint.ours("tools/list", params)).string("nextCursor").orElseThrow();
      params = ToolGroups.asking("notes").with("cursor", cursor);
    }
    assertThat(result(endpoint.ours("tools/list", params)).string("nextCursor")).isEmpty();
  }

  @Test
  void a_server_that_lists_one_page_for_ever_is_listed_once() {
    endpoint.notes.answer("tools/list", "{\"tools\":[{\"name\":\"t\"}],\"nextCursor\":\"again\"}");
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).containsExactly("notes__t");
    assertThat(endpoint.notes.askedWith("tools/list")).hasSize(2);
  }

  @Test
  void who_needs_the_tools_of_one_server_can_read_all_its_pages_and_asks_no_other() {
    endpoint.notes.answer("tools/list", exchange -> paged(exchange, 30, 100));
    endpoint.tickets.answer("tools/list", tools("open"));
    List<String> all = new ArrayList<>();
    JsonObject params = ToolGroups.asking("notes");
    Optional<String> cursor;
    do {
      Outcome page = endpoint.ours("tools/list", params);
      all.addAll(names(page, "tools"));
      cursor = result(page).string("nextCursor");
      params = cursor.map(text -> ToolGroups.asking("notes").with("cursor", text)).orElse(params);
    } while (cursor.isPresent());
    assertThat(all).hasSize(3_000).doesNotHaveDuplicates();
    assertThat(endpoint.tickets.asked).isEmpty();
    // A client cannot ask for less that way.
    assertThat(
            names(
                endpoint.ask("tools/list", ToolGroups.asking("tickets").toJson().text()), "tools"))
        .contains("notes__t0");
  }

  @Test
  void for_a_tool_that_is_nobodys_no_server_is_asked() {
    endpoint.notes.answer("tools/list", tools("read"));
    JsonObject params = ToolGroups.asking(endpoint.federation.groups().of("nobodys__tool"));
    assertThat(names(endpoint.ours("tools/list", params), "tools")).isEmpty();
    assertThat(endpoint.notes.asked).isEmpty();
    params = ToolGroups.asking(endpoint.federation.groups().of("notes__read"));
    assertThat(names(endpoint.ours("tools/list", params), "tools")).containsExactly("notes__read");
  }

  @Test
  void a_long_name_far_back_in_a_list_is_looked_up_too() {
    String name = "x".repeat(80);
    endpoint.notes.answer(
        "tools/list",
        exchange ->
            exchange.params().has("cursor")
                ? new Outcome.Complete(FakeServer.object(tools(name)))
                : new Outcome.Complete(
                    ((Outcome.Complete) paged(exchange, 1, 2_000))
                        .result()
                        .with("nextCursor", "last")));
    endpoint.notes.answer("tools/call", "{\"content\":[]}");
    String exposed = new Names("notes").exposed(name).orElseThrow();
    result(endpoint.ask("tools/call", "{\"name\":\"" + exposed + "\"}"));
    assertThat(endpoint.notes.askedWith("tools/call"))
        .containsExactly("{\"name\":\"" + name + "\"}");
  }

  @Test
  void a_cursor_that_its_server_no_longer_knows_is_no_end_of_the_list() {
    endpoint.notes.answer(
        "tools/list",
        exchange ->
            exchange.params().has("cursor")
                ? new Outcome.Failed(RpcError.invalidParams("gone"))
                : paged(exchange, 2, 1_000));
    String cursor = result(endpoint.ask("tools/list", "{}")).string("nextCursor").orElseThrow();
    assertThat(error(endpoint.ask("tools/list", "{\"cursor\":\"" + cursor + "\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  // ---- how long it may be kept

  @Test
  void it_is_kept_as_the_shortest_hint_allows_and_by_all_only_when_all_say_so() {
    assertThat(hints(Isolation.SHARED, 3_000, "public")).isEqualTo("3000 public");
    assertThat(hints(Isolation.SHARED, 9_000, "private")).isEqualTo("5000 private");
    assertThat(hints(Isolation.SHARED, 0, "public")).isEqualTo("0 public");
    assertThat(hints(Isolation.CALLER, 3_000, "public"))
        .as("a process of one's own knows who one is")
        .isEqualTo("3000 private");
    endpoint.tickets.answer("tools/list", "{\"tools\":[]}");
    endpoint.federation.change(crew(Isolation.SHARED));
    assertThat(hints()).isEqualTo("0 private");
  }

  @Test
  void a_life_of_years_is_an_hour_from_the_first_time_on() {
    endpoint.notes.answer("tools/list", "{\"tools\":[],\"ttlMs\":9007199254740991}");
    endpoint.tickets.answer("tools/list", "{\"tools\":[],\"ttlMs\":9007199254740991}");
    assertThat(hints()).isEqualTo("3600000 private");
  }

  /** Of a list to which tickets says this, and notes 5 s for all. */
  private String hints(Isolation isolation, int life, String scope) {
    endpoint.notes.answer("tools/list", "{\"tools\":[],\"ttlMs\":5000,\"cacheScope\":\"public\"}");
    endpoint.tickets.answer(
        "tools/list", "{\"tools\":[],\"ttlMs\":" + life + ",\"cacheScope\":\"" + scope + "\"}");
    endpoint.federation.change(crew(isolation));
    return hints();
  }

  private Crew crew(Isolation isolation) {
    return Endpoint.crew(
        new Member("notes", endpoint.notes, isolation, ToolRules.ALL),
        new Member("tickets", endpoint.tickets, isolation, ToolRules.ALL));
  }

  private String hints() {
    JsonObject result = result(endpoint.ask("tools/list", "{}"));
    return result.integer("ttlMs").orElseThrow() + " " + result.string("cacheScope").orElseThrow();
  }

  // ---- servers that are not there

  @Test
  void a_server_that_fails_costs_its_own_tools_and_is_named() {
    endpoint.notes.answer("tools/list", tools("read"));
    endpoint.tickets.answer(
        "tools/list", _ -> new Outcome.Failed(RpcError.internal("upstream unavailable")));
    Outcome outcome = endpoint.ask("tools/list", "{}");
    assertThat(names(outcome, "tools")).containsExactly("notes__read");
    assertThat(result(outcome).toJson().text()).contains("\"dev.sallyport/missing\":[\"tickets\"]");
    assertThat(hints()).isEqualTo("0 private");
  }

  @Test
  void a_server_that_throws_costs_no_more() {
    endpoint.notes.answer("tools/list", tools("read"));
    endpoint.tickets.answer(
        "tools/list",
        _ -> {
          throw new IllegalStateException("broken");
        });
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).containsExactly("notes__read");
  }

  @Test
  void when_no_server_answers_that_is_an_error_and_no_empty_list() {
    endpoint.notes.answer("tools/list", _ -> new Outcome.Failed(RpcError.internal("gone")));
    endpoint.tickets.answer("tools/list", _ -> new Outcome.Failed(RpcError.internal("gone")));
    assertThat(error(endpoint.ask("tools/list", "{}")).code()).isEqualTo(RpcError.INTERNAL);
  }

  @Test
  void a_server_that_hangs_costs_its_own_tools_each_time() {
    CountDownLatch hanging = new CountDownLatch(1);
    endpoint.notes.answer("tools/list", tools("read"));
    endpoint.tickets.answer("tools/list", _ -> stuck(hanging));
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).containsExactly("notes__read");
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).containsExactly("notes__read");
    hanging.countDown();
  }

  @Test
  void one_that_hangs_is_named_to_who_needs_it_alone_and_one_that_fails_says_why_itself() {
    CountDownLatch hanging = new CountDownLatch(1);
    endpoint.notes.answer("tools/list", _ -> new Outcome.Failed(RpcError.internal("gone")));
    endpoint.tickets.answer("tools/list", _ -> stuck(hanging));
    assertThat(error(endpoint.ours("tools/list", ToolGroups.asking("tickets"))))
        .isEqualTo(RpcError.internal("upstream unavailable: tickets does not answer"));
    assertThat(error(endpoint.ours("tools/list", ToolGroups.asking("notes"))))
        .isEqualTo(RpcError.internal("gone"));
    hanging.countDown();
  }

  @Test
  void one_that_was_late_is_waited_for_shortly_until_it_is_in_time_or_that_is_long_ago() {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // as a clock may stand
    Upstream.Patience patience =
        new Upstream.Patience(Duration.ofSeconds(10), Duration.ofSeconds(1));
    Upstream upstream = new Upstream(new Member("notes", endpoint.notes), patience, nanos::get);
    assertThat(upstream.patience()).isEqualTo(patience.whole());
    upstream.wasLate();
    assertThat(upstream.patience()).isEqualTo(patience.brief());
    upstream.wasInTime();
    assertThat(upstream.patience()).isEqualTo(patience.whole());
    upstream.wasLate();
    nanos.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(upstream.patience()).isEqualTo(patience.brief());
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(upstream.patience()).isEqualTo(patience.whole());
  }

  private static Outcome stuck(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Complete(FakeServer.object(tools("open")));
  }

  /** It is waited for longer than this test may take. */
  @Test
  void who_leaves_is_not_kept_by_a_server_that_hangs() {
    Endpoint patient = new Endpoint(new Upstream.Patience(AN_HOUR, AN_HOUR));
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    patient.tickets.answer(
        "tools/list",
        _ -> {
          reached.countDown();
          return stuck(hanging);
        });
    Cancellation leaving = new Cancellation();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                reached.await();
                leaving.cancel();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(patient.ask(ANN, "tools/list", "{}", leaving)).isInstanceOf(Outcome.Cancelled.class);
    hanging.countDown();
  }

  // ---- what is offered

  @Test
  void what_any_server_offers_is_offered_and_lists_may_always_change() {
    endpoint.notes.answer(
        "server/discover",
        "{\"capabilities\":{\"resources\":{\"subscribe\":true},\"completions\":{},"
            + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{},\"com.example/x\":{}}},"
            + "\"instructions\":\"Read first.\"}");
    endpoint.tickets.answer(
        "server/discover", "{\"capabilities\":{\"tools\":{}},\"instructions\":\" \"}");
    JsonObject result = result(endpoint.ask("server/discover", "{}"));
    assertThat(result.object("capabilities").orElseThrow().toJson().text())
        .isEqualTo(
            "{\"completions\":{},\"resources\":{\"listChanged\":true,\"subscribe\":true},"
                + "\"tools\":{\"listChanged\":true},"
                + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
    assertThat(result.string("instructions")).contains("# notes\n\nRead first.\n");
    assertThat(result.toJson().text()).contains("\"name\":\"team\"");
  }

  @Test
  void while_a_server_is_not_there_it_may_have_anything() {
    endpoint.notes.answer("server/discover", "{\"capabilities\":{\"tools\":{}}}");
    endpoint.tickets.answer("server/discover", _ -> new Outcome.Failed(RpcError.internal("gone")));
    assertThat(
            result(endpoint.ask("server/discover", "{}"))
                .object("capabilities")
                .orElseThrow()
                .names())
        .containsExactly("completions", "logging", "prompts", "resources", "tools");
  }
}
