package dev.sallyport.cli;

import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.Exposure;
import dev.sallyport.gateway.config.HostPort;
import dev.sallyport.gateway.config.Listening;
import dev.sallyport.gateway.config.RouteConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where callers come in, judged before anything is opened.
 *
 * @param thisMachineOnly whether nobody elsewhere can reach it
 */
record Doors(Listening listening, ListenAddress listen, boolean thisMachineOnly) {
  static Doors of(Listening listening) throws CliFault {
    ListenAddress listen = ListenAddress.parse(listening.address().toString());
    Exposure exposure =
        new Exposure(
            listen.address(),
            listening.callers() == Listening.Callers.KEYS,
            listening.tls().isPresent(),
            listening.proxies(),
            listening.publicUrl());
    return switch (exposure.judge()) {
      case Exposure.Verdict.Safe(boolean local) -> new Doors(listening, listen, local);
      case Exposure.Verdict.Unsafe(List<String> lines) -> {
        List<String> refusal = new ArrayList<>(lines);
        refusal.set(0, "refused: " + lines.getFirst());
        throw new CliFault(CliFault.CONFIG, refusal);
      }
    };
  }

  /** The hosts it answers to: this machine's names, what is listened on, and the public URL. */
  Sites sites() {
    Set<String> hosts = new HashSet<>();
    Set<String> origins = new HashSet<>();
    listening
        .publicUrl()
        .ifPresent(
            url -> {
              hosts.add(url.getHost());
              origins.add(url.getScheme() + "://" + url.getRawAuthority());
            });
    if (!listen.address().isAnyLocalAddress()) {
      hosts.add(Share.bracketed(listen.address().getHostAddress()));
    }
    if (!listen.host().isEmpty()) {
      hosts.add(Share.bracketed(listen.host()));
    }
    return new Sites(thisMachineOnly || listen.address().isLoopbackAddress(), hosts, origins);
  }

  /** Where each route is reached. */
  List<String> urls(InetSocketAddress bound, List<RouteConfig> routes) {
    String origin =
        listening
            .publicUrl()
            .map(Object::toString)
            .orElseGet(
                () ->
                    (listening.tls().isPresent() ? "https://" : "http://")
                        + new HostPort(
                            bound.getAddress().isAnyLocalAddress() || listen.host().isEmpty()
                                ? "localhost"
                                : listen.host(),
                            bound.getPort()));
    return routes.stream().map(route -> origin + route.path()).toList();
  }

  String reach() {
    return thisMachineOnly ? "this machine only" : "reachable from other machines";
  }
}
