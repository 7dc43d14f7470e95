package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a connection leads.
 *
 * @param addresses of the URL's host, as they were looked up and judged: the only ones that are
 *     dialled (DNS rebinding)
 */
record Way(HttpUrl url, List<InetAddress> addresses) {
  Way {
    addresses = List.copyOf(addresses);
  }
}
