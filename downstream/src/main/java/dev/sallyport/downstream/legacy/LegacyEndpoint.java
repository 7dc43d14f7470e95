package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Admission;
import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Refusal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** Serves clients of the versions with a handshake. Not there yet: every request is refused. */
public final class LegacyEndpoint implements AutoCloseable {

  /**
   * @param requests to be entered for the time a request is carried out, not for answers to
   *     questions or for streams
   */
  public LegacyEndpoint(
      EndpointOptions options,
      Handler handler,
      Admission requests,
      Clock clock,
      SecureRandom random) {}

  public void post(ClientCall call, Caller caller, Envelope.Reading reading) {
    refuse(call);
  }

  public void get(ClientCall call, Caller caller) {
    refuse(call);
  }

  public void delete(ClientCall call, Caller caller) {
    refuse(call);
  }

  /** Whether a session id is one of this caller's live sessions. */
  public boolean knows(String sessionId, Caller caller) {
    return false;
  }

  /** Ends every session and cancels what is being carried out. */
  @Override
  public void close() {}

  private static void refuse(ClientCall call) {
    call.refuse(
        Refusal.of(Refusal.Reason.UNAVAILABLE, "Versions with a handshake are not served yet"),
        Optional.empty());
  }
}
