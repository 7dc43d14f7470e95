package dev.sallyport.cli;

import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.Cidr;
import dev.sallyport.gateway.Exposure;
import dev.sallyport.gateway.config.HostPort;
import dev.sallyport.gateway.config.Listening;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where callers come in, judged before anything is opened.
 *
 * @param publicUrl under what others reach it; of it, hosts and origins are known
 * @param thisMachineOnly whether nobody elsewhere can reach it
 */
record Doors(
    ListenAddress listen, boolean encrypted, Optional<URI> publicUrl, boolean thisMachineOnly) {
  /** As a file has it. */
  static Doors of(Listening listening) throws CliFault {
    return judged(
        ListenAddress.parse(listening.address().toString()),
        listening.callers() != Listening.Callers.ANYONE,
        listening.tls().isPresent(),
        listening.proxies(),
        listening.publicUrl());
  }

  /** As flags have it. */
  static Doors of(ServeFlags.Values flags, boolean callersChecked) throws CliFault {
    return judged(
        flags.listen(),
        callersChecked,
        flags.tls().isPresent(),
        flags.proxies(),
        flags.publicUrl());
  }

  private static Doors judged(
      ListenAddress listen,
      boolean callersChecked,
      boolean encrypted,
      List<Cidr> proxies,
      Optional<URI> publicUrl)
      throws CliFault {
    Exposure exposure =
        new Exposure(listen.address(), callersChecked, encrypted, proxies, publicUrl);
    return switch (exposure.judge()) {
      case Exposure.Verdict.Safe(boolean local) -> new Doors(listen, encrypted, publicUrl, local);
      case Exposure.Verdict.Unsafe(List<String> lines) -> {
        List<String> refusal = new ArrayList<>(lines);
        refusal.set(0, "refused: " + lines.getFirst());
        throw new CliFault(CliFault.CONFIG, refusal);
      }
    };
  }

  /**
   * The hosts it answers to: this machine's names, what is listened on by name or address, and the
   * public URL.
   */
  Sites sites() {
    Set<String> hosts = new HashSet<>();
    Set<String> origins = new HashSet<>();
    publicUrl.ifPresent(
        url -> {
          hosts.add(url.getHost());
          origins.add(url.getScheme() + "://" + url.getRawAuthority());
        });
    if (!listen.address().isAnyLocalAddress()) {
      hosts.add(bracketed(listen.address().getHostAddress()));
    }
    if (!listen.host().isEmpty()) {
      hosts.add(bracketed(listen.host()));
    }
    return new Sites(thisMachineOnly || listen.address().isLoopbackAddress(), hosts, origins);
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Scheme, host and port of what is bound, as somebody here can write them. */
  String origin(InetSocketAddress bound) {
    boolean nameless = bound.getAddress().isAnyLocalAddress() || listen.host().isEmpty();
    return (encrypted ? "https://" : "http://")
        + new HostPort(nameless ? "localhost" : listen.host(), bound.getPort());
  }

  String reach() {
    return thisMachineOnly ? "this machine only" : "reachable from other machines";
  }
}
