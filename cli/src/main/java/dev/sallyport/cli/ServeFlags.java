package dev.sallyport.cli;

import dev.sallyport.gateway.Cidr;
import dev.sallyport.transport.http.TlsFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where to listen, who may connect, what to print: the same flags for everything that serves. */
final class ServeFlags {
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description =
          "where to listen; port 0 picks a free one, :PORT is every address (default:"
              + " ${DEFAULT-VALUE})")
  private String listen = "127.0.0.1:8080";

  @Option(names = "--tls-cert", paramLabel = "PEM", description = "certificate chain")
  private Optional<Path> certificate = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "PEM", description = "its private key")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--behind-proxy",
      paramLabel = "CIDR",
      description = "a TLS proxy's addresses; only they and this machine may connect; repeatable")
  private List<String> behindProxy = List.of();

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "the URL under which others reach it")
  private Optional<String> publicUrl = Optional.empty();

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      description = "largest request (default: ${DEFAULT-VALUE})")
  private int maxBody = 4_194_304;

  @Option(
      names = "--json",
      description = "print one line of JSON on stdout when ready; everything else goes to stderr")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description =
          "print also what the server writes to its error output, and its processes' starts and"
              + " ends; it may hold what callers sent")
  private boolean verbose;

  /**
   * What the flags say.
   *
   * @param proxies the peers that may connect besides this machine
   * @param verbose whether the server's own words are printed
   */
  record Values(
      ListenAddress listen,
      Optional<TlsFiles> tls,
      List<Cidr> proxies,
      Optional<URI> publicUrl,
      int maxBody,
      boolean json,
      boolean verbose) {}

  Values read() throws CliFault {
    if (maxBody < 1_024) {
      throw new CliFault(CliFault.USAGE, "--max-body is at least 1024");
    }
    return new Values(
        ListenAddress.parse(listen), tls(), proxies(), publicUrl(), maxBody, json, verbose);
  }

  private Optional<TlsFiles> tls() throws CliFault {
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

  private List<Cidr> proxies() throws CliFault {
    List<Cidr> ranges = new ArrayList<>();
    for (String text : behindProxy) {
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

  private Optional<URI> publicUrl() throws CliFault {
    if (publicUrl.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(EndpointUrl.parse(publicUrl.get()));
  }
}
