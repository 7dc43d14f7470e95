package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operator chose for one server.
 *
 * @param limits for each child
 * @param read what may be read, on top of what the choice implies; absolute
 * @param write what may be written too; absolute
 * @param network whether a flag allows it; without one, all choices but strict have it
 * @param account whom the processes belong to; ours when empty
 */
public record SandboxSettings(
    SandboxChoice choice,
    ResourceLimits limits,
    List<Path> read,
    List<Path> write,
    boolean network,
    Optional<Account> account,
    Places places) {
  public SandboxSettings {
    read = List.copyOf(read);
    write = List.copyOf(write);
  }

  /**
   * Where things are, and where ours go.
   *
   * @param name of the server; a folder is named after it
   * @param path where to look for the system's tools, as PATH has it
   * @param home the user's, which servers do not see
   * @param data Sallyport's own folder, which no server ever sees
   * @param program the folder of Sallyport's program, if known, which no server may write
   * @param homes where servers' own homes are kept
   * @param temporary for what ends with a child
   */
  public record Places(
      String name,
      String path,
      Path home,
      Path data,
      Optional<Path> program,
      Path homes,
      Path temporary) {
    public Places {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
        throw new IllegalArgumentException("not fit to name a folder");
      }
      home = home.toAbsolutePath().normalize();
      data = data.toAbsolutePath().normalize();
      homes = homes.toAbsolutePath().normalize();
      temporary = temporary.toAbsolutePath().normalize();
    }
  }

  /** With more to read, which is part of the program. */
  public SandboxSettings withRead(List<Path> more) {
    List<Path> all = Stream.concat(read.stream(), more.stream()).toList();
    return new SandboxSettings(choice, limits, all, write, network, account, places);
  }

  boolean strict() {
    return choice == SandboxChoice.STRICT;
  }

  /** Whether the server may use the network. */
  boolean networkAllowed() {
    return network || !strict();
  }

  /** The home that processes think they have. */
  Path homeOfUser() {
    return account.map(Account::home).orElse(places.home());
  }
}
