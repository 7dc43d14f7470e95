package dev.sallyport.cli;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.ServerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a shared server stands, as one line of JSON. Holds names and numbers and, of a server that
 * did not come up, its last words; never what a call was about.
 */
final class StatusReport {
  private StatusReport() {}

  /**
   * @param name what clients may call it
   */
  static JsonObject of(String name, Isolation isolation, ServerStatus status) {
    JsonObject server =
        JsonObject.of("name", Json.of(name), "state", Json.of(lower(status.state())))
            .with("ready", status.ready() ? Json.TRUE : Json.FALSE)
            .with("isolation", lower(isolation));
    if (status.why().isPresent()) {
      server =
          server
              .with("why", status.why().get())
              .with("stderr", Json.arrayOf(status.lastStderr().stream().map(Json::of).toList()))
              .with("nextTrySeconds", Json.of(status.nextTry().toSeconds()));
    }
    return server
        .with(
            "children", Json.arrayOf(status.children().stream().map(StatusReport::child).toList()))
        .with("ending", Json.of(status.ending()))
        .with("waiting", Json.of(status.waiting()))
        .with("events", numbers(status.events()))
        .with("faults", numbers(status.faults()));
  }

  /** The same, of one that has not come up yet. */
  static JsonObject notUp(String name, Isolation isolation, String state) {
    return JsonObject.of("name", Json.of(name), "state", Json.of(state))
        .with("ready", Json.FALSE)
        .with("isolation", lower(isolation));
  }

  /**
   * The same of one that goes on until another one takes its place.
   *
   * @param successor its own report
   * @param nanos until it takes the place, up or not
   */
  static JsonObject withSuccessor(JsonObject server, JsonObject successor, long nanos) {
    JsonObject next = JsonObject.of("state", Json.of(successor.string("state").orElse("?")));
    Optional<Json> why = successor.get("why");
    if (why.isPresent()) {
      next = next.with("why", why.get());
    }
    long seconds = Math.max(0, Duration.ofNanos(nanos).toSeconds());
    return server.with("successor", next.with("takesOverInSeconds", Json.of(seconds)).toJson());
  }

  /** Whether calls succeed, and with the definition that the operator gave last. */
  static boolean isReady(JsonObject server) {
    return server.get("ready").flatMap(Json::asBoolean).orElse(false) && !server.has("successor");
  }

  /** Of a report, what is nobody's secret: names, states and counts. */
  static JsonObject outline(JsonObject server) {
    List<Json> children = server.array("children").orElse(List.of());
    long silent = children.stream().filter(StatusReport::isSilent).count();
    JsonObject outline =
        server
            .without("why", "stderr", "children")
            .with("children", Json.of(children.size()))
            .with("silent", Json.of(silent));
    return server
        .object("successor")
        .map(next -> outline.with("successor", next.without("why").toJson()))
        .orElse(outline);
  }

  private static boolean isSilent(Json child) {
    return child
        .asObject()
        .flatMap(one -> one.get("answers"))
        .flatMap(Json::asBoolean)
        .filter(answers -> !answers)
        .isPresent();
  }

  private static Json child(ServerStatus.Child child) {
    return JsonObject.of("process", Json.of(child.where()), "whose", Json.of(child.whose()))
        .with("calls", Json.of(child.calls()))
        .with("answers", child.answers() ? Json.TRUE : Json.FALSE)
        .toJson();
  }

  private static Json numbers(Map<String, Long> counts) {
    JsonObject all = JsonObject.EMPTY;
    for (String name : counts.keySet().stream().sorted().toList()) {
      all = all.with(name, Json.of(counts.getOrDefault(name, 0L)));
    }
    return all.toJson();
  }

  private static String lower(Enum<?> member) {
    return member.name().toLowerCase(Locale.ROOT);
  }

  /** The same for people, a line each. */
  static List<String> lines(JsonObject server) {
    StringBuilder first = new StringBuilder(server.string("name").orElse("?"));
    first.append("  ").append(server.string("state").orElse("?"));
    server.string("why").ifPresent(why -> first.append(": ").append(why));
    List<String> children =
        server.array("children").orElse(List.of()).stream()
            .flatMap(child -> child.asObject().stream())
            .map(StatusReport::line)
            .toList();
    List<String> lines = new ArrayList<>(List.of(first.toString()));
    server.object("successor").ifPresent(next -> lines.addAll(successor(next)));
    server.array("stderr").orElse(List.of()).stream()
        .flatMap(said -> said.asString().stream())
        .forEach(said -> lines.add("  | " + said));
    lines.addAll(children);
    if (!text(server, "events").isEmpty()) {
      lines.add("  so far: " + text(server, "events"));
    }
    if (!text(server, "faults").isEmpty()) {
      lines.add("  broke the protocol: " + text(server, "faults"));
    }
    return lines;
  }

  private static List<String> successor(JsonObject next) {
    String why = next.string("why").map(text -> ": " + text).orElse("");
    return List.of(
        "  THE OLD DEFINITION SERVES; the new one: " + next.string("state").orElse("?") + why,
        "  the new one takes over when it is up, and in "
            + next.get("takesOverInSeconds").map(Json::text).orElse("?")
            + " s all the same");
  }

  private static String line(JsonObject child) {
    boolean answers = child.get("answers").flatMap(Json::asBoolean).orElse(false);
    return "  "
        + child.string("process").orElse("?")
        + "  of "
        + child.string("whose").orElse("?")
        + "  calls in progress: "
        + child.get("calls").map(Json::text).orElse("?")
        + (answers ? "" : "  DOES NOT ANSWER");
  }

  private static String text(JsonObject server, String counts) {
    JsonObject all = server.object(counts).orElse(JsonObject.EMPTY);
    return String.join(
        ", ",
        all.names().stream()
            .map(name -> name.replace('_', ' ') + " " + all.get(name).map(Json::text).orElse("?"))
            .toList());
  }
}
