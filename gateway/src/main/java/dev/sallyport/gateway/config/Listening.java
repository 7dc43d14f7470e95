package dev.sallyport.gateway.config;

import dev.sallyport.gateway.Cidr;
import dev.sallyport.transport.http.TlsFiles;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where callers come in. Whether that is safe is for {@link dev.sallyport.gateway.Exposure} to say.
 *
 * @param tls absolute paths; both files are there
 * @param proxies the only peers that may connect besides this machine; empty when there is no proxy
 * @param publicUrl scheme, host and perhaps a port, without a slash at the end; a route's URL is
 *     this and the route's path
 */
public record Listening(
    HostPort address,
    Optional<TlsFiles> tls,
    List<Cidr> proxies,
    Optional<URI> publicUrl,
    Callers callers) {
  public Listening {
    proxies = List.copyOf(proxies);
  }

  /** Who may call. */
  public enum Callers {
    /**
     * Whoever has a key that was made with {@code sallyport keys add}, or a token of one of the
     * issuers.
     */
    KEYS,
    /** Whoever has a token of one of the issuers. */
    TOKENS,
    /** Whoever comes, which is allowed on loopback only. */
    ANYONE
  }
}
