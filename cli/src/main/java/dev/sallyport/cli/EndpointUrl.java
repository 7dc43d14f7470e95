package dev.sallyport.cli;

import java.net.URI;
import java.net.URISyntaxException;

/** Where a server is shared, as a person writes it. */
final class EndpointUrl {
  private EndpointUrl() {}

  static URI parse(String text) throws CliFault {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException notOne) {
      throw new CliFault(CliFault.USAGE, text + " is not a URL: use http(s)://HOST:PORT/mcp");
    }
    throw new CliFault(CliFault.USAGE, text + " is not an endpoint: use http(s)://HOST:PORT/mcp");
  }

  /** What stands in the same place of the same site under another name. */
  static URI beside(URI endpoint, String name) {
    return URI.create(endpoint.resolve(name).normalize().toASCIIString());
  }
}
