package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Looks at the addresses of a host between the moment they are known and that they are dialled. */
interface Judge {
  /** Why they may not be dialled, for an operator; empty when they may. */
  Optional<String> refusal(HttpUrl url, List<InetAddress> addresses);
}
