package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a connection leads.
 *
 * @param addresses that are dialled, and no others (DNS rebinding): those of the URL's host, or of
 *     the proxy
 */
record Way(HttpUrl url, List<InetAddress> addresses, Optional<OutboundProxy> proxy) {
  Way {
    addresses = List.copyOf(addresses);
  }
}
