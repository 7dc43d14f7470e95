package dev.sallyport.downstream;

import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request is refused for by its head alone, before its body is read and on the event loop:
 * so nothing here may block. The first fault counts, and those that protect a browser's user come
 * first. Immutable.
 */
final class Screen {
  private static final Pattern JSON =
      Pattern.compile("(?i)application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?");

  private final EndpointOptions options;
  private final CallerCheck callers;
  private final String methods;

  Screen(EndpointOptions options, CallerCheck callers) {
    this.options = options;
    this.callers = callers;
    this.methods = options.eras().contains(Era.LEGACY) ? "POST, GET, DELETE" : "POST";
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
        origins.isEmpty()
            || (origins.size() == 1
                && options.sites().letsIn(origins.getFirst(), hosts.getFirst()));
    return letIn
        ? Optional.empty()
        : Optional.of(Refusal.of(Reason.FOREIGN_ORIGIN, "This origin may not call"));
  }

  private Optional<HttpAnswer> unserved(HttpHead head) {
    if (!head.path().equals(options.path())) {
      return refuse(Refusal.of(Reason.NOT_FOUND, "There is nothing here"));
    }
    if (CrossOrigin.isPreflight(head)) {
      return Optional.of(CrossOrigin.preflight(head, methods));
    }
    Optional<HttpAnswer> unsupported =
        switch (head.method()) {
          case "POST" -> unreadable(head);
          case "GET", "DELETE" -> sessionless(head);
          default -> Optional.of(notAllowed());
        };
    if (unsupported.isPresent()) {
      return unsupported;
    }
    return callers.screen(head).flatMap(Screen::refuse);
  }

  /** 4-T18: neither status is in the specification. */
  private static Optional<HttpAnswer> unreadable(HttpHead head) {
    if (!head.fields().all("Content-Encoding").stream().allMatch("identity"::equalsIgnoreCase)) {
      return refuse(
          Refusal.of(
              Reason.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed (Content-Encoding)"));
    }
    if (!isJson(head.fields())) {
      return refuse(
          Refusal.of(Reason.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json"));
    }
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
      return Optional.of(notAllowed());
    }
    if (head.method().equals("GET") && !AcceptedTypes.of(head.fields()).events()) {
      return refuse(Refusal.of(Reason.NOT_ACCEPTABLE, "Accept must include text/event-stream"));
    }
    return Optional.empty();
  }

  private HttpAnswer notAllowed() {
    return Answers.refusal(
            Refusal.of(Reason.METHOD_NOT_ALLOWED, "Messages are sent with POST"), Optional.empty())
        .with("Allow", methods);
  }

  private static Optional<HttpAnswer> refuse(Refusal refusal) {
    return Optional.of(Answers.refusal(refusal, Optional.empty()));
  }

  /** JSON as such, in UTF-8: nothing else is decoded here. */
  private static boolean isJson(HttpFields fields) {
    List<String> types = fields.all("Content-Type");
    return types.size() == 1 && JSON.matcher(types.getFirst()).matches();
  }
}
