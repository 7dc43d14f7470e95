package dev.sallyport.downstream;

import java.util.Optional;

/** What a path leads to. */
enum Entrance {
  /** Everything of Streamable HTTP. */
  ENDPOINT,
  /** Of HTTP+SSE: what the server says. */
  STREAM,
  /** Of HTTP+SSE: what the client says. */
  MESSAGES;

  static Optional<Entrance> of(String path, EndpointOptions options) {
    if (path.equals(options.path())) {
      return Optional.of(ENDPOINT);
    }
    return options
        .sse()
        .flatMap(
            sse -> {
              if (path.equals(sse.stream())) {
                return Optional.of(STREAM);
              }
              return path.equals(sse.messages()) ? Optional.of(MESSAGES) : Optional.empty();
            });
  }
}
