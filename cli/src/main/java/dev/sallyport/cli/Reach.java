package dev.sallyport.cli;

import dev.sallyport.gateway.config.ProxyChoice;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.PemException;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.transport.outbound.DirectHosts;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundOptions;
import dev.sallyport.transport.outbound.OutboundProxy;
import dev.sallyport.transport.outbound.OutboundTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The way to a server elsewhere: whom we trust on it, who we say we are, what it leads through.
 *
 * @param authorities trusted in place of those that Java trusts
 * @param identity shown to a server that asks who we are
 */
record Reach(
    Optional<Path> authorities, Optional<TlsFiles> identity, Optional<OutboundProxy> proxy) {
  static final Flag AUTHORITIES =
      Flag.taking(
          "ca", "PEM", "trust servers that these certify, in place of those that Java trusts");
  static final Flag CERTIFICATE =
      Flag.taking("client-cert", "PEM", "show this certificate chain to a server that asks");
  static final Flag KEY = Flag.taking("client-key", "PEM", "its private key");
  static final Flag PROXY =
      Flag.taking(
          "proxy",
          "URL",
          "reach the URL through http://HOST:PORT or socks5://HOST:PORT, or through none; default:"
              + " HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY");

  static final List<Flag> FLAGS = List.of(AUTHORITIES, CERTIFICATE, KEY, PROXY);

  private static final String NONE = "none";

  static Reach read(Arguments arguments, HttpUrl url, Map<String, String> environment)
      throws CliFault {
    Optional<Path> authorities = arguments.path(AUTHORITIES);
    Optional<Path> certificate = arguments.path(CERTIFICATE);
    Optional<Path> key = arguments.path(KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new CliFault(CliFault.USAGE, "--client-cert and --client-key go together");
    }
    for (Path file : Stream.of(authorities, certificate, key).flatMap(Optional::stream).toList()) {
      if (!Files.isReadable(file)) {
        throw new CliFault(CliFault.USAGE, "cannot read " + file);
      }
    }
    return new Reach(
        authorities,
        certificate.map(file -> new TlsFiles(file, key.orElseThrow())),
        proxy(arguments.given(PROXY), url, environment));
  }

  static Optional<OutboundProxy> proxy(
      Optional<String> given, HttpUrl url, Map<String, String> environment) throws CliFault {
    if (given.isPresent()) {
      return given.get().equals(NONE)
          ? Optional.empty()
          : through(PROXY.written(), given.get(), url, environment);
    }
    for (String variable : List.of(url.secure() ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY")) {
      Optional<String> named = either(variable, environment).filter(value -> !value.isBlank());
      if (named.isPresent()) {
        return through(variable, named.get(), url, environment);
      }
    }
    return Optional.empty();
  }

  /** As a file has it: without a word the environment of whoever reads it decides. */
  static ProxyChoice choice(Arguments arguments, Map<String, String> environment) throws CliFault {
    Optional<String> given = arguments.given(PROXY);
    if (given.isEmpty()) {
      return new ProxyChoice.AsEnvironment();
    }
    return given.get().equals(NONE)
        ? new ProxyChoice.Direct()
        : new ProxyChoice.Through(parsed(PROXY.written(), given.get(), environment));
  }

  private static Optional<OutboundProxy> through(
      String source, String value, HttpUrl url, Map<String, String> environment) throws CliFault {
    return Optional.of(parsed(source, value, environment)).filter(via -> via.isFor(url));
  }

  private static OutboundProxy parsed(String source, String value, Map<String, String> environment)
      throws CliFault {
    DirectHosts direct = DirectHosts.of(either("NO_PROXY", environment).orElse(""));
    // Not shown: it may hold a password.
    return OutboundProxy.of(value, direct)
        .orElseThrow(
            () ->
                new CliFault(
                    CliFault.USAGE,
                    source
                        + " is no proxy: http://[USER:PASSWORD@]HOST[:PORT], or the same with"
                        + " socks5",
                    "--proxy none  goes without one"));
  }

  /** Programs disagree about the case; those that read both prefer the small letters. */
  private static Optional<String> either(String variable, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(variable.toLowerCase(Locale.ROOT)))
        .or(() -> Optional.ofNullable(environment.get(variable)));
  }

  OutboundOptions options(HttpEngine engine) throws CliFault {
    try {
      OutboundOptions options =
          OutboundOptions.DEFAULT.withTls(OutboundTls.load(engine, authorities, identity));
      return proxy.map(options::withProxy).orElse(options);
    } catch (PemException e) {
      throw new CliFault(CliFault.CONFIG, String.valueOf(e.getMessage()));
    }
  }
}
