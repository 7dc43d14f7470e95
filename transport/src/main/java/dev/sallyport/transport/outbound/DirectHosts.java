package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts that are reached without a proxy, as {@code NO_PROXY} names them: a domain and all
 * below it, an address, a block of addresses, each with or without a port; {@code *} for all. This
 * machine is always one of them.
 */
public final class DirectHosts {
  public static final DirectHosts NONE = new DirectHosts(List.of());

  private static final int MOST = 1_000;

  private final List<Entry> entries;

  private sealed interface Entry {
    boolean isMeant(HttpUrl url);

    record All() implements Entry {
      @Override
      public boolean isMeant(HttpUrl url) {
        return true;
      }
    }

    /**
     * @param port none for any
     */
    record Domain(String name, int port) implements Entry {
      @Override
      public boolean isMeant(HttpUrl url) {
        String host = withoutDot(url.host());
        return (port == 0 || port == url.port())
            && (host.equals(name) || host.endsWith("." + name));
      }
    }

    record Block(AddressBlock block, int port) implements Entry {
      @Override
      public boolean isMeant(HttpUrl url) {
        return (port == 0 || port == url.port())
            && literal(url.host()).map(block::contains).orElse(false);
      }
    }
  }

  private DirectHosts(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Entries are separated by commas or white space. What is none is left out, as everybody does who
   * reads this variable: others may understand more of it.
   */
  public static DirectHosts of(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String word : text.split("[,\\s]+", MOST + 1)) {
      if (entries.size() < MOST) {
        entry(word.toLowerCase(Locale.ROOT)).ifPresent(entries::add);
      }
    }
    return new DirectHosts(entries);
  }

  private static Optional<Entry> entry(String word) {
    if (word.equals("*")) {
      return Optional.of(new Entry.All());
    }
    Optional<AddressBlock> block = AddressBlock.of(word);
    if (block.isPresent()) {
      return Optional.of(new Entry.Block(block.get(), 0));
    }
    String plain = word.startsWith("*.") ? word.substring(2) : word.replaceFirst("^\\.", "");
    boolean ported = plain.matches(".*:[0-9]{1,5}");
    return HttpUrl.of("http://" + withoutDot(plain) + "/")
        .map(
            url ->
                literal(url.host())
                    .<Entry>map(
                        address ->
                            new Entry.Block(
                                new AddressBlock(address, address.length * Byte.SIZE),
                                ported ? url.port() : 0))
                    .orElseGet(
                        () -> new Entry.Domain(withoutDot(url.host()), ported ? url.port() : 0)));
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static Optional<byte[]> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host).getAddress());
    } catch (IllegalArgumentException aName) {
      return Optional.empty();
    }
  }

  boolean contains(HttpUrl url) {
    return url.isLoopback() || entries.stream().anyMatch(entry -> entry.isMeant(url));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DirectHosts that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
