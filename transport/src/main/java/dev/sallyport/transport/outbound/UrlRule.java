package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which URLs may be fetched when somebody else has named them (OC-20): https, on the usual ports,
 * and this machine only when that was asked for, under its own names, and not by a redirect from
 * elsewhere. What the addresses are is judged when they are dialled.
 */
record UrlRule(AddressRule addresses, Set<Integer> ports) implements Judge {
  /** As far as they are known only inside of a cloud, so that no proxy is asked for them. */
  private static final Set<String> INSIDE =
      Set.of("metadata.google.internal", "metadata.goog", "instance-data.ec2.internal");

  private boolean isHere(HttpUrl url) {
    return addresses.allowsLoopback() && url.isLoopback();
  }

  /** Why not, for an operator; empty when it may be fetched. */
  Optional<String> refusal(HttpUrl url) {
    if (addresses.isNamed(url) || isHere(url)) {
      return Optional.empty();
    }
    if (!url.secure()) {
      return Optional.of(url.origin() + " is not https");
    }
    if (!ports.contains(url.port())) {
      return Optional.of(url.origin() + " is on a port that is not allowed");
    }
    String name = url.host().endsWith(".") ? withoutDot(url.host()) : url.host();
    if (INSIDE.contains(name)) {
      return Optional.of(url.origin() + " is the metadata service of a cloud");
    }
    return literal(url.host()).flatMap(address -> refusal(url, List.of(address)));
  }

  private static String withoutDot(String host) {
    return host.substring(0, host.length() - 1);
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException aName) {
      return Optional.empty();
    }
  }

  /** The same for a redirect. */
  Optional<String> refusal(HttpUrl from, HttpUrl to) {
    if (addresses.isNamed(to) && !addresses.isNamed(from)) {
      return Optional.of(to.origin() + " was named by the operator, not by " + from.origin());
    }
    return isHere(to) && !isHere(from)
        ? Optional.of(to.origin() + " is this machine, and " + from.origin() + " is not")
        : refusal(to);
  }

  @Override
  public Optional<String> refusal(HttpUrl url, List<InetAddress> found) {
    if (addresses.isNamed(url)) {
      return Optional.empty();
    }
    if (isHere(url)) {
      return found.stream().allMatch(InetAddress::isLoopbackAddress)
          ? Optional.empty()
          : Optional.of(url.host() + " is not this machine");
    }
    return addresses.refusal(found);
  }
}
