package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.Seal;
import dev.sallyport.protocol.CallDigest;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Seals a handler's handle into the {@code requestState} that travels through the client, and opens
 * it again, bound to the caller, the route and what the request is about, and good for a limited
 * time (MR-06, MR-07). It counts the rounds of questions, and does not make a state single-use
 * (4-T26): whoever minted the handle does. Thread-safe.
 */
final class StateSeal {
  private static final char SEPARATOR = ':';

  private final Seal seal;
  private final Duration life;
  private final int mostCharacters;
  private final byte[] route;

  StateSeal(String route, Duration life, int mostCharacters, Seal seal) {
    this.seal = seal;
    this.life = life;
    this.mostCharacters = mostCharacters;
    this.route = route.getBytes(StandardCharsets.UTF_8);
  }

  /** What a state is good for, and nothing else. */
  record Binding(Caller caller, String method, JsonObject params) {}

  /**
   * What was sealed.
   *
   * @param round how many rounds of questions there were, with the one that it stands for
   */
  record Opened(String handle, int round) {}

  /** Empty when the handle is too long to be carried by a client. */
  Optional<String> seal(Opened what, Binding binding) {
    String state =
        seal.seal(Integer.toString(what.round()) + SEPARATOR + what.handle(), parts(binding), life);
    return state.length() > mostCharacters ? Optional.empty() : Optional.of(state);
  }

  /** Empty for whatever reason a state is not valid here: the client learns no more than that. */
  Optional<Opened> open(String state, Binding binding) {
    return state.length() > mostCharacters
        ? Optional.empty()
        : seal.open(state, parts(binding)).flatMap(StateSeal::read);
  }

  private static Optional<Opened> read(String text) {
    int separator = text.indexOf(SEPARATOR);
    return separator < 1
        ? Optional.empty()
        : Optional.of(
            new Opened(
                text.substring(separator + 1), Integer.parseInt(text.substring(0, separator))));
  }

  private byte[] parts(Binding binding) {
    return Seal.boundTo(
        binding.caller(), List.of(route, CallDigest.of(binding.method(), binding.params())));
  }
}
