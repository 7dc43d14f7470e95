package dev.sallyport.gateway;

import dev.sallyport.downstream.Answers;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Lets only the proxies and this machine connect, because behind a proxy the traffic here is not
 * encrypted: who came past the proxy would send a key in clear. Thread-safe.
 */
final class ProxiedPeers implements HttpHandler {
  private final List<Cidr> proxies;
  private final HttpHandler behind;

  ProxiedPeers(List<Cidr> proxies, HttpHandler behind) {
    this.proxies = List.copyOf(proxies);
    this.behind = behind;
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    InetAddress peer = head.peer().getAddress();
    if (peer.isLoopbackAddress() || proxies.stream().anyMatch(range -> range.contains(peer))) {
      return behind.screen(head);
    }
    Refusal refusal = Refusal.of(Refusal.Reason.FOREIGN_HOST, "Connect by way of the proxy");
    return Optional.of(Answers.refusal(refusal, Optional.empty()));
  }

  @Override
  public void serve(HttpCall call) {
    behind.serve(call);
  }
}
