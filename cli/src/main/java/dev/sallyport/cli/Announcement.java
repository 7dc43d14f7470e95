package dev.sallyport.cli;

import dev.sallyport.access.KeyStore;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.ServerFacts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Says what is reachable now, by whom, and what to do next; or the same as one line of JSON.
 *
 * @param thisMachineOnly whether nobody elsewhere can reach it
 */
record Announcement(Screen screen, Share.Settings settings, boolean thisMachineOnly) {
  void print(ServerFacts facts, InetSocketAddress address, Optional<KeyStore.Issued> key) {
    String url = url(address);
    screen.done("started", facts.summary());
    screen.done("serving", url + "   " + reach() + " · speaks " + VersionCommand.overHttp());
    if (!settings.callers().checked()) {
      screen.warn(
          "callers    NOT CHECKED (--no-auth): every program on this machine can call every tool");
    }
    key.ifPresent(this::owner);
    if (settings.callers().checked() && key.isEmpty()) {
      screen.done("callers", "your access keys (sallyport keys list)");
    }
    screen.done(
        "isolation",
        ChildFlags.tell(settings.upstream().sharing())
            + "   change: --isolation caller|session|shared");
    if (settings.serve().json()) {
      screen.answer(readyLine(facts, url, key));
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

  private void owner(KeyStore.Issued made) {
    String shown = settings.serve().json() ? "in the JSON line" : made.secret().reveal();
    boolean forADay = settings.callers() == Share.Callers.WITH_KEY_FOR_A_DAY;
    String life = forADay ? "expires in 24 h" : "ends when this does";
    screen.done("callers", "1 access key made for you (shown once)  " + shown + "  " + life);
  }

  private String url(InetSocketAddress address) {
    if (settings.serve().publicUrl().isPresent()) {
      return settings.serve().publicUrl().get().toString();
    }
    String scheme = settings.serve().tls().isPresent() ? "https://" : "http://";
    String host =
        address.getAddress().isAnyLocalAddress() || settings.serve().listen().host().isEmpty()
            ? "localhost"
            : Share.bracketed(settings.serve().listen().host());
    return scheme + host + ":" + address.getPort() + Share.PATH;
  }

  private String reach() {
    return thisMachineOnly ? "this machine only" : "reachable from other machines";
  }

  private String readyLine(ServerFacts facts, String url, Optional<KeyStore.Issued> key) {
    JsonObject server =
        JsonObject.of("name", Json.of(facts.name()), "era", Json.of(facts.era()))
            .with("tools", Json.of(facts.tools()));
    JsonObject line = JsonObject.of("url", Json.of(url));
    if (key.isPresent()) {
      line = line.with("key", key.get().secret().reveal());
    }
    return line.with("pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", Json.arrayOf(List.of(server.toJson())))
        .toJson()
        .text();
  }
}
