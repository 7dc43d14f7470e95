package dev.sallyport.cli;

import dev.sallyport.access.KeyStore;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ServerFacts;
import dev.sallyport.upstream.UpstreamServer;
import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import dev.sallyport.upstream.sandbox.SandboxKind;
import dev.sallyport.upstream.sandbox.SandboxSettings;
import dev.sallyport.upstream.sandbox.SandboxSummary;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Says what is reachable now, by whom, and what to do next; or the same as one line of JSON. */
record Announcement(Screen screen, Share.Settings settings) {
  void print(
      Doors doors,
      ServerFacts facts,
      Optional<SandboxSummary> sandbox,
      String url,
      Optional<KeyStore.Issued> key) {
    screen.done("started", facts.summary());
    screen.done("serving", url + "   " + doors.reach() + " · speaks " + VersionCommand.overHttp());
    sse(url)
        .ifPresent(
            also ->
                screen.done(
                    "also", also + "   HTTP+SSE, for clients of " + VersionCommand.oldest()));
    if (!settings.callers().checked()) {
      screen.warn(
          "callers    NOT CHECKED (--no-auth): every program on this machine can call every tool");
    }
    key.ifPresent(this::owner);
    if (settings.callers().checked() && key.isEmpty()) {
      screen.done("callers", "your access keys (sallyport keys list)");
    }
    if (!settings.issuers().isEmpty()) {
      screen.done("callers", "whoever signs in at " + String.join(", ", issuers()));
    }
    isolation(facts);
    kept(sandbox);
    if (settings.serve().json()) {
      screen.answer(readyLine(facts, sandbox, url, key));
    } else {
      Optional<String> shown = key.map(made -> made.secret().reveal());
      settings
          .hints()
          .print(
              screen,
              url,
              settings.callers().checked()
                  ? shown.or(() -> Optional.of("YOUR_KEY"))
                  : Optional.empty());
    }
  }

  /** The same to the one client of a pipe, in as few lines: as a rule they end up in its log. */
  void printToClient(ServerFacts facts, Optional<SandboxSummary> sandbox) {
    screen.done("started", facts.summary());
    screen.done(
        "serving",
        "whoever started this, on standard input and output · speaks " + VersionCommand.all());
    kept(sandbox);
    screen.say("  stop:                  close its standard input, or Ctrl-C");
  }

  /** A server elsewhere that keeps no sessions keeps nothing of anybody. */
  private void isolation(ServerFacts facts) {
    boolean elsewhere = settings.offered() instanceof Offered.Remote;
    if (!elsewhere || facts.era().equals("legacy")) {
      screen.done(
          "isolation",
          IsolationFlags.tell(settings.upstream().sharing(), elsewhere)
              + "   change: --isolation caller|session|shared");
    }
  }

  private void kept(Optional<SandboxSummary> sandbox) {
    switch (settings.offered()) {
      case Offered.Command command ->
          sandbox.ifPresent(
              summary -> {
                sandbox(summary, command.sandbox());
                lifetime(summary.kind());
              });
      case Offered.Remote(HttpUrl there, HttpFields _, Reach reach) -> {
        reach
            .proxy()
            .ifPresent(proxy -> screen.done("upstream", "reached through " + proxy.where()));
        if (!there.secure() && !there.isLoopback()) {
          screen.warn(
              "upstream   " + there.origin() + " is not encrypted: use https where there is");
        }
      }
    }
  }

  private void sandbox(SandboxSummary sandbox, SandboxSettings asked) {
    boolean chosen = asked.choice() == SandboxChoice.NONE;
    String change =
        sandbox.kind() == SandboxKind.NONE
            ? ""
            : "   change: --sandbox strict|none, --allow-read PATH, --allow-write PATH";
    if (sandbox.kind() == SandboxKind.NONE) {
      screen.warn("sandbox    " + sandbox.told() + (chosen ? " (--sandbox none)" : ""));
    } else {
      screen.done("sandbox", sandbox.told() + change);
    }
    sandbox.warnings().forEach(screen::warn);
    if (asked.account().isEmpty() && Account.weAreRoot()) {
      screen.warn(
          "the server runs as root, as Sallyport does: --user NAME runs it as another user");
    }
  }

  private void lifetime(SandboxKind kind) {
    if (kind == SandboxKind.BWRAP) {
      screen.done("lifetime", "its processes end with Sallyport, also by kill -9 (pid namespace)");
    } else if (UpstreamServer.childrenAreWatched()) {
      screen.done("lifetime", "its processes end with Sallyport, also by kill -9 (watchdog)");
    } else {
      screen.warn("lifetime   a kill -9 of Sallyport may leave processes of it behind");
    }
  }

  private void owner(KeyStore.Issued made) {
    String shown = settings.serve().json() ? "in the JSON line" : made.secret().reveal();
    boolean forADay = settings.callers() == Share.Callers.WITH_KEY_FOR_A_DAY;
    String life = forADay ? "expires in 24 h" : "ends when this does";
    screen.done("callers", "1 access key made for you (shown once)  " + shown + "  " + life);
  }

  private List<String> issuers() {
    return settings.issuers().stream().map(Issuer::name).toList();
  }

  private static Json described(SandboxSummary sandbox) {
    return JsonObject.of(
            "kind",
            Json.of(sandbox.kind().text()),
            "missing",
            Json.arrayOf(sandbox.missing().stream().map(Json::of).toList()))
        .toJson();
  }

  /** The stream of the older transport, if it is served. */
  private Optional<String> sse(String url) {
    return settings.serve().sse()
        ? Optional.of(EndpointUrl.beside(URI.create(url), "sse").toString())
        : Optional.empty();
  }

  private String readyLine(
      ServerFacts facts,
      Optional<SandboxSummary> sandbox,
      String url,
      Optional<KeyStore.Issued> key) {
    JsonObject server =
        JsonObject.of("name", Json.of(facts.name()), "era", Json.of(facts.era()))
            .with("tools", Json.of(facts.tools()));
    if (sandbox.isPresent()) {
      server = server.with("sandbox", described(sandbox.get()));
    }
    JsonObject line = JsonObject.of("url", Json.of(url));
    Optional<String> sse = sse(url);
    if (sse.isPresent()) {
      line = line.with("sse", sse.get());
    }
    if (key.isPresent()) {
      line = line.with("key", key.get().secret().reveal());
    }
    if (!settings.issuers().isEmpty()) {
      line = line.with("issuers", Json.arrayOf(issuers().stream().map(Json::of).toList()));
    }
    return line.with("pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", Json.arrayOf(List.of(server.toJson())))
        .toJson()
        .text();
  }
}
