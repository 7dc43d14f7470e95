package dev.sallyport.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who could reach a listener, and whether that is safe. The rule: there is no combination in which
 * a stranger on another machine can call a tool. A pure function, asked before anything is opened.
 *
 * @param address what is listened on, resolved already, so that what was judged is what is bound
 * @param callersChecked whether a request without a valid key is refused
 * @param tls whether the listener encrypts
 * @param proxies the only peers that may connect besides this machine; empty when there is no proxy
 * @param publicUrl under what the operator says that others reach this
 */
public record Exposure(
    InetAddress address,
    boolean callersChecked,
    boolean tls,
    List<Cidr> proxies,
    Optional<URI> publicUrl) {
  /** A range this wide is no longer a proxy's; the widest that a public one publishes is a /13. */
  private static final int WIDEST_PUBLIC_IPV4 = 12;

  private static final int WIDEST_PRIVATE_IPV4 = 8;
  private static final int WIDEST_IPV6 = 32;

  public Exposure {
    proxies = List.copyOf(proxies);
  }

  /** The judgement. */
  public sealed interface Verdict {
    /**
     * @param thisMachineOnly whether nobody elsewhere can reach it
     */
    record Safe(boolean thisMachineOnly) implements Verdict {}

    /**
     * @param lines what is wrong, and then the flags that would make it start
     */
    record Unsafe(List<String> lines) implements Verdict {}
  }

  public Verdict judge() {
    for (Cidr proxy : proxies) {
      if (proxy.prefix() < widest(proxy.network())) {
        return new Verdict.Unsafe(
            List.of(
                proxy + " is too wide to be a proxy's range.",
                "proxy     --behind-proxy with the proxy's own address, 10.0.0.7/32 for example"));
      }
    }
    if (publicUrl.filter(Exposure::isInClear).isPresent()) {
      return new Verdict.Unsafe(
          List.of(
              "others would send their keys in clear to " + publicUrl.get() + ".",
              "public    --public-url https://…, of a proxy or tunnel, or with --tls-cert and"
                  + " --tls-key"));
    }
    boolean reachable = !address.isLoopbackAddress() || !proxies.isEmpty() || publicUrl.isPresent();
    if (!reachable) {
      return new Verdict.Safe(true);
    }
    boolean encrypted = tls || !proxies.isEmpty() || address.isLoopbackAddress();
    if (callersChecked && encrypted) {
      return new Verdict.Safe(false);
    }
    return new Verdict.Unsafe(unsafe(encrypted));
  }

  private static int widest(InetAddress network) {
    if (network.getAddress().length != 4) {
      return WIDEST_IPV6;
    }
    return network.isSiteLocalAddress() ? WIDEST_PRIVATE_IPV4 : WIDEST_PUBLIC_IPV4;
  }

  private static boolean isInClear(URI url) {
    return !"https".equalsIgnoreCase(url.getScheme());
  }

  private List<String> unsafe(boolean encrypted) {
    String where =
        address.isAnyLocalAddress() ? "every address of this machine" : address.getHostAddress();
    String reach =
        address.isLoopbackAddress()
            ? "others reach this by way of the proxy or the public URL and "
            : where + " is reachable from other machines and ";
    String lack =
        !callersChecked && !encrypted
            ? "nothing would check callers or encrypt the traffic."
            : callersChecked
                ? "nothing would encrypt the traffic."
                : "nothing would check callers.";
    List<String> lines = new ArrayList<>();
    lines.add(reach + lack);
    if (!callersChecked) {
      lines.add(
          "callers   leave out --no-auth: a key is made for you, and sallyport keys add NAME makes"
              + " more");
      lines.add("sign-in   --issuer https://login.example.com     or  --keys");
    }
    if (!encrypted) {
      lines.add("TLS       --tls-cert c.pem --tls-key k.pem     or  --behind-proxy 10.0.0.7/32");
    }
    lines.add(
        address.isLoopbackAddress()
            ? "or stay on this machine:  leave out --behind-proxy and --public-url"
            : "or stay on this machine:  --listen 127.0.0.1:8080");
    return lines;
  }
}
