package dev.sallyport.cli;

import dev.sallyport.downstream.SsePaths;
import dev.sallyport.gateway.Cidr;
import dev.sallyport.transport.http.TlsFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where to listen, who may connect, what to print: the same flags for everything that serves. */
final class ServeFlags {
  private static final Flag LISTEN =
      Flag.taking(
              "listen",
              "HOST:PORT",
              "where to listen; port 0 picks a free one, :PORT is every address")
          .withDefault("127.0.0.1:8080");
  private static final Flag CERTIFICATE = Flag.taking("tls-cert", "PEM", "certificate chain");
  private static final Flag KEY = Flag.taking("tls-key", "PEM", "its private key");
  private static final Flag BEHIND_PROXY =
      Flag.taking(
              "behind-proxy",
              "CIDR",
              "a TLS proxy's addresses; only they and this machine may connect")
          .repeatable();
  private static final Flag PUBLIC_URL =
      Flag.taking("public-url", "URL", "the URL under which others reach it");
  private static final Flag MAX_BODY =
      Flag.taking("max-body", "BYTES", "largest request").withDefault("4194304");
  private static final Flag SSE =
      Flag.on(
          "sse",
          "serve HTTP+SSE too, the transport of MCP "
              + VersionCommand.oldest()
              + ": GET /sse, POST /messages");
  private static final Flag JSON =
      Flag.on(
          "json", "print one line of JSON on stdout when ready; everything else goes to stderr");
  private static final Flag VERBOSE =
      Flag.on(
              "verbose",
              "print also what the server writes to its error output, and its processes' starts and"
                  + " ends; it may hold what callers sent")
          .withLetter("v");

  private ServeFlags() {}

  static FlagGroup listening() {
    return FlagGroup.of(
        "Listening", LISTEN, CERTIFICATE, KEY, BEHIND_PROXY, PUBLIC_URL, MAX_BODY, SSE);
  }

  /** Those that only a listener has a use for. */
  static List<Flag> ofListener() {
    return Stream.concat(
            listening().flags().stream().filter(flag -> !flag.equals(MAX_BODY)), Stream.of(JSON))
        .toList();
  }

  static FlagGroup output() {
    return FlagGroup.of("Output", JSON, VERBOSE);
  }

  /**
   * What the flags say.
   *
   * @param proxies the peers that may connect besides this machine
   * @param sse whether the older transport is served too
   * @param verbose whether the server's own words are printed
   */
  record Values(
      ListenAddress listen,
      Optional<TlsFiles> tls,
      List<Cidr> proxies,
      Optional<URI> publicUrl,
      int maxBody,
      boolean sse,
      boolean json,
      boolean verbose) {
    /**
     * Where the older transport is served, if it is. Behind a proxy a client must write the paths
     * that the proxy knows: they are beside the public URL, as ours are beside the endpoint.
     */
    Optional<SsePaths> ssePaths() {
      if (!sse) {
        return Optional.empty();
      }
      return publicUrl
          .map(url -> EndpointUrl.beside(url, "messages").getRawPath())
          .map(SsePaths.DEFAULT::withShown)
          .or(() -> Optional.of(SsePaths.DEFAULT));
    }
  }

  static Values read(Arguments arguments) throws CliFault {
    int maxBody = arguments.number(MAX_BODY);
    if (maxBody < 1_024) {
      throw new CliFault(CliFault.USAGE, "--max-body is at least 1024");
    }
    return new Values(
        ListenAddress.parse(arguments.text(LISTEN)),
        tls(arguments),
        proxies(arguments),
        publicUrl(arguments),
        maxBody,
        arguments.has(SSE),
        arguments.has(JSON),
        arguments.has(VERBOSE));
  }

  private static Optional<TlsFiles> tls(Arguments arguments) throws CliFault {
    Optional<Path> certificate = arguments.path(CERTIFICATE);
    Optional<Path> key = arguments.path(KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new CliFault(CliFault.USAGE, "--tls-cert and --tls-key go together");
    }
    for (Path file : Stream.concat(certificate.stream(), key.stream()).toList()) {
      if (!Files.isReadable(file)) {
        throw new CliFault(CliFault.USAGE, "cannot read " + file);
      }
    }
    return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
  }

  private static List<Cidr> proxies(Arguments arguments) throws CliFault {
    List<Cidr> ranges = new ArrayList<>();
    for (String text : arguments.texts(BEHIND_PROXY)) {
      ranges.add(
          Cidr.parse(text)
              .orElseThrow(
                  () ->
                      new CliFault(
                          CliFault.USAGE,
                          "--behind-proxy " + text + " is not ADDRESS/PREFIX",
                          "for example:  --behind-proxy 10.0.0.7/32")));
    }
    return ranges;
  }

  private static Optional<URI> publicUrl(Arguments arguments) throws CliFault {
    Optional<String> given = arguments.given(PUBLIC_URL);
    return given.isPresent() ? Optional.of(EndpointUrl.parse(given.get())) : Optional.empty();
  }
}
