package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one child sees of the machine, besides the system.
 *
 * @param allowed parents first
 * @param masked folders that stay hidden, whatever else is allowed; by their real names
 * @param home what it takes for its home
 * @param directory where it runs
 * @param network whether it has one
 * @param temporary how much its own /tmp holds, in bytes
 */
record View(
    List<Allowance> allowed,
    List<Path> masked,
    Optional<Allowance> home,
    Path directory,
    boolean network,
    OptionalLong temporary) {
  View {
    allowed = List.copyOf(allowed);
    masked = List.copyOf(masked);
  }

  View withHome(Optional<Allowance> other) {
    return new View(allowed, masked, other, directory, network, temporary);
  }
}
