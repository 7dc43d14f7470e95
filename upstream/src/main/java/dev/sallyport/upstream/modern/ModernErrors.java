package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;

/** The errors of modern servers (2.1.1). */
final class ModernErrors {
  private ModernErrors() {}

  static Outcome outcome(RpcError error, Exchange exchange) {
    Optional<String> uri = exchange.params().string("uri");
    return new Outcome.Failed(
        switch (error.code()) {
          // What the caller lacks is the caller's to know.
          case RpcError.MISSING_CAPABILITY -> error;
          // Servers from before the new code (CH-17).
          case RpcError.LEGACY_RESOURCE_NOT_FOUND ->
              uri.isPresent() ? RpcError.resourceNotFound(uri.get()) : error;
          default -> error;
        });
  }
}
