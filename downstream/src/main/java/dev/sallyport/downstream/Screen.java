package dev.sallyport.downstream;

import dev.sallyport.protocol.Memo;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request is refused for by its head alone, before its body is read and on the event loop:
 * so nothing here may block. The first fault counts, and those that protect a browser's user come
 * first. Immutable.
 */
final class Screen {
  private static final Pattern JSON =
      Pattern.compile("(?i)application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?");

  private static final Memo<String, Boolean> IS_JSON =
      new Memo<>(type -> JSON.matcher(type).matches());

  /** What a browser says of a request that neither a page of ours nor a person made. */
  private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");

  private final EndpointOptions options;
  private final CallerCheck callers;

  Screen(EndpointOptions options, CallerCheck callers) {
    this.options = options;
    this.callers = callers;
  }

  Optional<HttpAnswer> answer(HttpHead head) {
    Optional<Refusal> foreign = foreign(head);
    if (foreign.isPresent()) {
      return foreign.map(refusal -> Answers.refusal(refusal, Optional.empty()));
    }
    return unserved(head).map(answer -> CrossOrigin.add(answer, CrossOrigin.fields(head)));
  }

  /** SH-02, SH-05. Nothing of these answers may be readable for the page that asked. */
  private Optional<Refusal> foreign(HttpHead head) {
    List<String> hosts = head.fields().all("Host");
    if (hosts.size() != 1 || !options.sites().answersTo(hosts.getFirst())) {
      return Optional.of(
          Refusal.of(Reason.FOREIGN_HOST, "This endpoint does not answer to that Host"));
    }
    List<String> origins = head.fields().all("Origin");
    boolean letIn =
        (origins.isEmpty() && !isOfAPage(head))
            || (origins.size() == 1
                && options.sites().letsIn(origins.getFirst(), hosts.getFirst()));
    return letIn
        ? Optional.empty()
        : Optional.of(Refusal.of(Reason.FOREIGN_ORIGIN, "This origin may not call"));
  }

  /**
   * Any page can have its browser ask for the stream of HTTP+SSE without an origin, because it will
   * not get to read it; but it would have opened a session. The browser says more than that.
   */
  private boolean isOfAPage(HttpHead head) {
    return Entrance.of(head.path(), options).filter(Entrance.STREAM::equals).isPresent()
        && head.fields().first("Sec-Fetch-Site").filter(FOREIGN_SITES::contains).isPresent();
  }

  private Optional<HttpAnswer> unserved(HttpHead head) {
    Optional<Entrance> entrance = Entrance.of(head.path(), options);
    if (entrance.isEmpty()) {
      return refuse(Refusal.of(Reason.NOT_FOUND, "There is nothing here"));
    }
    if (CrossOrigin.isPreflight(head)) {
      return Optional.of(CrossOrigin.preflight(head, methods(entrance.get())));
    }
    Optional<HttpAnswer> unsupported =
        switch (entrance.get()) {
          case ENDPOINT ->
              switch (head.method()) {
                case "POST" -> unreadable(head).or(() -> unwritable(head));
                case "GET", "DELETE" -> sessionless(head);
                default -> Optional.of(notAllowed(Entrance.ENDPOINT));
              };
          case STREAM ->
              head.method().equals("GET")
                  ? unheard(head)
                  : Optional.of(notAllowed(Entrance.STREAM));
          case MESSAGES ->
              head.method().equals("POST")
                  ? unreadable(head)
                  : Optional.of(notAllowed(Entrance.MESSAGES));
        };
    if (unsupported.isPresent()) {
      return unsupported;
    }
    return callers.screen(head).flatMap(Screen::refuse);
  }

  private String methods(Entrance entrance) {
    return switch (entrance) {
      case ENDPOINT -> options.eras().contains(Era.LEGACY) ? "POST, GET, DELETE" : "POST";
      case STREAM -> "GET";
      case MESSAGES -> "POST";
    };
  }

  /** 4-T18: the status is not in the specification. */
  private static Optional<HttpAnswer> unreadable(HttpHead head) {
    if (!head.fields().all("Content-Encoding").stream().allMatch("identity"::equalsIgnoreCase)) {
      return refuse(
          Refusal.of(
              Reason.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed (Content-Encoding)"));
    }
    return isJson(head.fields())
        ? Optional.empty()
        : refuse(
            Refusal.of(Reason.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json"));
  }

  /** 4-T18, likewise. */
  private static Optional<HttpAnswer> unwritable(HttpHead head) {
    if (AcceptedTypes.of(head.fields()).nothing()) {
      return refuse(
          Refusal.of(
              Reason.NOT_ACCEPTABLE, "Accept must include application/json and text/event-stream"));
    }
    return Optional.empty();
  }

  /** SH-19: GET and DELETE are for sessions only. */
  private Optional<HttpAnswer> sessionless(HttpHead head) {
    if (!options.eras().contains(Era.LEGACY) || head.fields().first("Mcp-Session-Id").isEmpty()) {
      return Optional.of(notAllowed(Entrance.ENDPOINT));
    }
    return head.method().equals("GET") ? unheard(head) : Optional.empty();
  }

  private static Optional<HttpAnswer> unheard(HttpHead head) {
    return AcceptedTypes.of(head.fields()).events()
        ? Optional.empty()
        : refuse(Refusal.of(Reason.NOT_ACCEPTABLE, "Accept must include text/event-stream"));
  }

  private HttpAnswer notAllowed(Entrance entrance) {
    String instead =
        entrance == Entrance.STREAM
            ? "This is the stream of HTTP+SSE, opened with GET"
            : "Messages are sent with POST";
    return Answers.refusal(Refusal.of(Reason.METHOD_NOT_ALLOWED, instead), Optional.empty())
        .with("Allow", methods(entrance));
  }

  private static Optional<HttpAnswer> refuse(Refusal refusal) {
    return Optional.of(Answers.refusal(refusal, Optional.empty()));
  }

  /** JSON as such, in UTF-8: nothing else is decoded here. */
  private static boolean isJson(HttpFields fields) {
    List<String> types = fields.all("Content-Type");
    return types.size() == 1 && IS_JSON.of(types.getFirst());
  }
}
