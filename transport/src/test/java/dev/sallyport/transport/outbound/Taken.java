package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.transport.http.HttpFields;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * All that came of a call.
 *
 * @param status none when there was no head
 */
record Taken(int status, HttpFields fields, String body, Optional<OutboundFault> fault) {
  static Taken of(OutboundCall call) throws InterruptedException {
    int status = 0;
    HttpFields fields = HttpFields.empty();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Optional<Arrival> arrival = call.take(Peer.PATIENCE.toNanos());
      switch (arrival.orElseThrow(() -> new AssertionError("nothing came"))) {
        case Arrival.Head head -> {
          status = head.status();
          fields = head.fields();
        }
        case Arrival.Bytes(byte[] bytes) -> body.writeBytes(bytes);
        case Arrival.End _ -> {
          return new Taken(status, fields, body.toString(ISO_8859_1), Optional.empty());
        }
        case Arrival.Failed(OutboundFault fault) -> {
          return new Taken(status, fields, body.toString(ISO_8859_1), Optional.of(fault));
        }
      }
    }
  }

  OutboundFault failure() {
    return fault.orElseThrow(() -> new AssertionError("it did not fail: " + this));
  }

  boolean complete() {
    return fault.isEmpty();
  }
}
