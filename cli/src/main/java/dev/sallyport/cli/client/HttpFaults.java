package dev.sallyport.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What went wrong on the way to an endpoint, in words for the person who typed its URL. */
final class HttpFaults {
  private static final String USUAL_PATH = "/mcp";
  private static final int DEEPEST_CAUSE = 8;

  private final URI endpoint;
  private final boolean keyGiven;

  HttpFaults(URI endpoint, boolean keyGiven) {
    this.endpoint = endpoint;
    this.keyGiven = keyGiven;
  }

  /** The server answered, but not with what was asked for. */
  ClientException of(int status, String what) {
    return switch (status) {
      case 401 ->
          keyGiven
              ? new ClientException(
                  "the server does not accept this key: it may be mistyped, revoked, expired or"
                      + " another server's",
                  status,
                  "see, where the server runs:  sallyport keys list")
              : new ClientException(
                  "the server wants a key, and none was given",
                  status,
                  "give it:  SALLYPORT_KEY=sp_… sallyport try "
                      + endpoint
                      + "      (where the server runs:  sallyport keys add NAME)");
      case 403 ->
          new ClientException(
              "the server does not let this caller in, or does not answer to that host",
              status,
              "use the URL that it was shared under");
      case 404 ->
          new ClientException(
              "there is no MCP endpoint at " + endpoint,
              status,
              USUAL_PATH.equals(endpoint.getPath())
                  ? ""
                  : "try:  sallyport try " + withPath(USUAL_PATH));
      default -> new ClientException("the server answered HTTP " + status + " " + what, status, "");
    };
  }

  /**
   * There was no answer.
   *
   * @param spoken whether there was one before, so that it is the right way to speak
   */
  ClientException of(IOException e, boolean spoken) {
    if (e instanceof HttpTimeoutException) {
      return new ClientException(
          endpoint.getAuthority() + " did not answer in time",
          e,
          "https".equals(endpoint.getScheme()) ? "does it speak TLS there?" : "");
    }
    if (has(e, UnresolvedAddressException.class)) {
      return new ClientException("there is no host " + endpoint.getHost(), e);
    }
    if (e instanceof ConnectException) {
      return new ClientException("nothing listens at " + endpoint, e);
    }
    if (has(e, CertificateException.class)) {
      return new ClientException(
          "this machine does not trust the certificate of " + endpoint.getAuthority(), e);
    }
    if (has(e, SSLException.class)) {
      return new ClientException(
          endpoint.getAuthority() + " does not speak TLS: it seems to be plain http",
          e,
          "try:  sallyport try " + withScheme("http"));
    }
    if (spoken) {
      return new ClientException(endpoint.getAuthority() + " hung up before it answered", e);
    }
    if ("http".equals(endpoint.getScheme()) && hungUp(e)) {
      return new ClientException(
          endpoint.getAuthority() + " hung up without an answer: it may want https",
          e,
          "try:  sallyport try " + withScheme("https"));
    }
    return new ClientException(
        "cannot speak with " + endpoint + ": " + e.getClass().getSimpleName(), e);
  }

  /** In good order, or with what we sent unread, which the system calls a reset. */
  private static boolean hungUp(IOException e) {
    return has(e, EOFException.class)
        || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("reset");
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
    Throwable each = thrown;
    for (int depth = 0; each != null && depth < DEEPEST_CAUSE; depth++) {
      if (kind.isInstance(each)) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  private String withPath(String path) {
    return changed(endpoint.getScheme(), path);
  }

  private String withScheme(String scheme) {
    return changed(scheme, endpoint.getPath());
  }

  private String changed(String scheme, String path) {
    try {
      return new URI(scheme, endpoint.getRawAuthority(), path, endpoint.getQuery(), null)
          .toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("of the parts of a URL", impossible);
    }
  }
}
