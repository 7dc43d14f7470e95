package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process, with real servers behind it. */
final class ServeFlowTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void all_that_a_file_describes_is_served_and_what_does_not_start_costs_itself_alone()
      throws Exception {
    write("callers: anyone", servers("one", "two") + "  gone: {command: /no/such/program}\n");
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      assertThat(ready.array("servers").orElseThrow().stream().map(Json::text))
          .satisfiesExactly(
              one -> assertThat(one).contains("\"one\"", "\"state\":\"up\"", "\"tools\":1"),
              two -> assertThat(two).contains("\"two\"", "\"state\":\"up\""),
              gone -> assertThat(gone).contains("\"gone\"", "\"state\":\"down\""));
      assertThat(run("try", url(ready), "two__two")).as(said()).isZero();
      assertThat(answers.toString(StandardCharsets.UTF_8)).contains("two here");
      assertThat(run("try", url(ready))).as(said()).isZero();
      assertThat(answers.toString(StandardCharsets.UTF_8)).contains("one__one", "two__two");
      assertThat(get(ready, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(ready, "/readyz").body()).isEqualTo("ok\n");
      assertThat(get(ready, "/readyz?verbose").body())
          .contains("one: up", "gone: down, command not found: /no/such/program");
      assertThat(run("status")).as(said()).isEqualTo(CliFault.UNAVAILABLE);
      assertThat(answers.toString(StandardCharsets.UTF_8))
          .contains("gone  does not start: command not found");
      // The server that does not start may say so once more.
      assertThat(program.stop()).contains("stopping…");
    }
  }

  @Test
  void one_server_alone_keeps_its_names_unless_the_route_asks_for_prefixes() throws Exception {
    write(
        "callers: anyone\nroutes: [{path: /mcp}, {path: /always, prefixes: always, name: team}]",
        servers("one"));
    try (Program program = serve()) {
      String url = url(program.ready());
      String always = url.replace("/mcp", "/always");
      assertThat(run("try", url, "one")).as(said()).isZero();
      assertThat(run("try", url, "one__one")).isNotZero();
      assertThat(run("try", always, "one__one")).as(said()).isZero();
      assertThat(answers.toString(StandardCharsets.UTF_8)).contains("one here");
      assertThat(run("try", always, "one")).isNotZero();
      program.stop();
    }
  }

  @Test
  void callers_need_a_key_and_one_that_is_made_later_opens_it() throws Exception {
    write("callers: keys", servers("one"));
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      program.remark("there is no access key yet");
      assertThat(run("try", url(ready))).isNotZero();
      assertThat(said()).contains("wants a key");
      assertThat(run("keys", "add", "ann", "--json")).as(said()).isZero();
      String key =
          Json.parse(answers.toString(StandardCharsets.UTF_8))
              .asObject()
              .orElseThrow()
              .string("key")
              .orElseThrow();
      // A running gateway notices within a second.
      int code = CliFault.FAILURE;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (code != 0 && System.nanoTime() < end) {
        code = run(Map.of("SALLYPORT_KEY", key), "try", url(ready), "one");
      }
      assertThat(code).as(said()).isZero();
      program.stop();
    }
  }

  @Test
  void a_change_of_the_file_is_put_into_effect_and_servers_that_stay_go_on() throws Exception {
    write("callers: anyone", servers("one", "two"));
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      assertThat(run("try", url(ready), "one__one")).as(said()).isZero();
      write("callers: anyone", "  # a comment moves what follows\n" + servers("one", "three"));
      program.remark("✓ reloaded");
      assertThat(run("try", url(ready), "three__three")).as(said()).isZero();
      assertThat(run("try", url(ready), "one__one")).as(said()).isZero();
      assertThat(run("try", url(ready), "two__two")).isNotZero();
      assertThat(Files.readAllLines(folder.resolve("begun-one"))).hasSize(1);
      assertThat(program.stop()).noneMatch(line -> line.contains("cannot be used"));
    }
  }

  @Test
  void a_wrong_file_and_one_that_takes_a_restart_change_nothing_and_say_so() throws Exception {
    write("callers: anyone", servers("one"));
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      write("callers: anyone", "  two: {comand: x}\n");
      assertThat(program.remark("comand")).contains("did you mean command?");
      program.remark("what is served goes on as it was");
      assertThat(run("try", url(ready), "one")).as(said()).isZero();
      write("callers: keys", servers("one", "two"));
      assertThat(program.remark("takes a restart")).contains("a change of callers");
      assertThat(run("try", url(ready), "one")).as(said()).isZero();
      write("callers: anyone", servers("one", "two"));
      program.remark("✓ reloaded");
      assertThat(run("try", url(ready), "two__two")).as(said()).isZero();
      program.stop();
    }
  }

  @Test
  void a_hang_up_has_the_file_read_again() throws Exception {
    write("callers: anyone", servers("one"));
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      String pid = ready.get("pid").orElseThrow().text();
      assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();
      program.remark("✓ reloaded");
      assertThat(run("try", url(ready), "one")).as(said()).isZero();
      program.stop();
    }
  }

  private int statusOfAPage(JsonObject ready, String name, String value) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(admin(ready, "/status")).header(name, value).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void an_admin_port_answers_programs_on_this_machine_and_no_page() throws Exception {
    write("callers: anyone", servers("one"));
    try (Program program = serve()) {
      JsonObject ready = program.ready();
      assertThat(get(ready, "/status").body()).startsWith("{\"url\":");
      assertThat(get(ready, "/nothing").statusCode()).isEqualTo(404);
      assertThat(statusOfAPage(ready, "Origin", "https://evil.example")).isEqualTo(403);
      assertThat(statusOfAPage(ready, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
      assertThat(statusOfAPage(ready, "Sec-Fetch-Site", "none")).as("typed in").isEqualTo(200);
      HttpRequest posted =
          HttpRequest.newBuilder(admin(ready, "/status"))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      assertThat(http.send(posted, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(405);
      program.stop();
    }
  }

  @Test
  void a_file_that_cannot_be_used_starts_nothing() throws Exception {
    write("callers: anyone", "  one: {comand: x}\n  two: {url: nonsense}\n");
    try (Program program = serve()) {
      assertThat(program.ended(CliFault.CONFIG))
          .anyMatch(line -> line.contains("comand"))
          .anyMatch(line -> line.contains("nonsense"));
    }
    assertThat(folder.resolve("begun-one")).doesNotExist();
  }

  @Test
  void what_strangers_could_reach_unchecked_is_refused() throws Exception {
    write("callers: anyone\nadmin: 0.0.0.0:0", servers("one"));
    try (Program program = serve()) {
      assertThat(program.ended(CliFault.CONFIG))
          .anyMatch(line -> line.contains("admin") && line.contains("checks nobody"));
    }
  }

  private void write(String head, String servers) throws IOException {
    new ServeFolder(folder).write(head, servers);
  }

  private String servers(String... names) throws IOException {
    return new ServeFolder(folder).servers(names);
  }

  private Program serve() throws IOException {
    return new ServeFolder(folder).serve("--log-format", "text");
  }

  private static String url(JsonObject ready) {
    return ready.string("url").orElseThrow();
  }

  private static URI admin(JsonObject ready, String path) {
    return URI.create(ready.string("admin").orElseThrow() + path);
  }

  private HttpResponse<String> get(JsonObject ready, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(admin(ready, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private String said() {
    return answers.toString(StandardCharsets.UTF_8) + remarks.toString(StandardCharsets.UTF_8);
  }

  private int run(String... words) {
    return run(Map.of(), words);
  }

  private int run(Map<String, String> more, String... words) {
    answers.reset();
    remarks.reset();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
    return Sallyport.run(
        new Sallyport.Surroundings(
            environment,
            folder.toString(),
            System.getProperty("user.name"),
            new Screen(
                new PrintStream(answers, true, StandardCharsets.UTF_8),
                new PrintStream(remarks, true, StandardCharsets.UTF_8),
                false)),
        words);
  }
}
