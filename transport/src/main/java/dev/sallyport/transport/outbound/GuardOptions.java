package dev.sallyport.transport.outbound;

import java.util.Optional;
import java.util.Set;

/**
 * Where a guarded fetch may go, and how much of it there may be.
 *
 * @param ports of https; this machine's are all allowed when it is
 * @param atOnce fetches in progress
 * @param waiting fetches that wait for a turn
 * @param aMinute requests, of all fetches together; as many at once after a minute's rest
 * @param tls how servers are spoken to
 * @param guard a proxy that itself refuses what is not for everybody. It looks names up, so nothing
 *     but addresses in a URL can be judged here; any other proxy would open what is closed
 */
public record GuardOptions(
    AddressRule addresses,
    Set<Integer> ports,
    int atOnce,
    int waiting,
    int aMinute,
    OutboundTls tls,
    Optional<OutboundProxy> guard) {
  public static final GuardOptions DEFAULT =
      new GuardOptions(
          AddressRule.PUBLIC, Set.of(443), 16, 64, 240, OutboundTls.SYSTEM, Optional.empty());

  public GuardOptions {
    ports = Set.copyOf(ports);
  }

  public GuardOptions withAddresses(AddressRule rule) {
    return new GuardOptions(rule, ports, atOnce, waiting, aMinute, tls, guard);
  }

  public GuardOptions withPorts(Set<Integer> allowed) {
    return new GuardOptions(addresses, allowed, atOnce, waiting, aMinute, tls, guard);
  }

  /**
   * @param most in progress
   * @param line of those that wait
   */
  public GuardOptions withLoad(int most, int line, int ofAMinute) {
    return new GuardOptions(addresses, ports, most, line, ofAMinute, tls, guard);
  }

  public GuardOptions withTls(OutboundTls spoken) {
    return new GuardOptions(addresses, ports, atOnce, waiting, aMinute, spoken, guard);
  }

  public GuardOptions withGuard(OutboundProxy through) {
    return new GuardOptions(addresses, ports, atOnce, waiting, aMinute, tls, Optional.of(through));
  }
}
