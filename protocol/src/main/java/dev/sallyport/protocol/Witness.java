package dev.sallyport.protocol;

import java.util.Map;

/**
 * Who looks on while an exchange is carried out. It stands in the {@link Origin}, so that it comes
 * along wherever the exchange is split up or goes to another thread. Thread-safe.
 */
public interface Witness {
  /** Nobody looks on. */
  Witness NONE =
      new Witness() {
        @Override
        public void sent(RpcId id, ProtocolVersion version) {}

        @Override
        public Map<String, String> fields() {
          return Map.of();
        }
      };

  /**
   * The exchange goes to a server now, as a request of ours. It may do so again.
   *
   * @param id of that request, not the client's
   * @param version that is spoken with the server
   */
  void sent(RpcId id, ProtocolVersion version);

  /**
   * What a server is told of whose work this is: the fields of W3C Trace Context and Baggage, by
   * their names in small letters. Nothing when nobody traces.
   */
  Map<String, String> fields();
}
