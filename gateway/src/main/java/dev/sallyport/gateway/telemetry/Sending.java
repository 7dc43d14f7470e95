package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.protocol.Witness;
import java.util.Map;
import java.util.Optional;

/** Learns how an exchange goes on to a server. Thread-safe. */
final class Sending implements Witness {
  private final Spans.Span span;
  private volatile Optional<RpcId> id = Optional.empty();
  private volatile String version = Labels.NONE;

  Sending(Spans.Span span) {
    this.span = span;
  }

  @Override
  public void sent(RpcId as, ProtocolVersion spoken) {
    id = Optional.of(as);
    version = spoken.text();
  }

  @Override
  public Map<String, String> fields() {
    return span.fields();
  }

  /** Empty when it was not sent: what was answered here, or came to nothing. */
  Optional<RpcId> id() {
    return id;
  }

  /** That was spoken; empty when nothing was sent. */
  String version() {
    return version;
  }
}
