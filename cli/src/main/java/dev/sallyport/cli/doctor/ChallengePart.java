package dev.sallyport.cli.doctor;

import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.FetchOutcome.Reason;
import dev.sallyport.transport.outbound.HttpUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first answer: 401, and where to sign in. */
final class ChallengePart {
  private static final String TRANSPORT = "MCP transports, Streamable HTTP";
  private static final String SERVED = "MCP authorization, Error Handling";
  private static final String FIELD = "RFC 9110 section 11.6.1, RFC 6750 section 3";

  private final HttpUrl endpoint;

  ChallengePart(HttpUrl endpoint) {
    this.endpoint = endpoint;
  }

  /** How a stranger is met. */
  enum Welcome {
    ASKED_FOR_A_TOKEN,
    LET_IN,
    /** There is a server, but it says something else. */
    PUZZLING,
    NOBODY_THERE
  }

  record Seen(Step step, Welcome welcome, Optional<Challenge> challenge, Optional<Instant> date) {}

  Seen look(FetchOutcome outcome) {
    return switch (outcome) {
      case FetchOutcome.Refused(var reason, var detail) ->
          new Seen(
              bad(detail, refused(reason, detail)),
              Welcome.NOBODY_THERE,
              Optional.empty(),
              Optional.empty());
      case FetchOutcome.Document answer -> seen(answer);
    };
  }

  private static Flaw refused(Reason reason, String detail) {
    return switch (reason) {
      case REDIRECT ->
          new Flaw(
              "it sends clients elsewhere",
              TRANSPORT,
              "a proxy with a sign-in page for people, or the URL wants https, or another slash");
      case TOO_LARGE, TOO_SLOW ->
          new Flaw("it does not come to an end", TRANSPORT, "it is no MCP endpoint, or hangs");
      case URL, ADDRESS, BUSY, UNREACHED ->
          new Flaw(
              "it cannot be reached",
              TRANSPORT,
              detail.contains("TLS") || detail.contains("certificate")
                  ? "plain http behind an https URL, or a certificate that this machine does not"
                      + " trust"
                  : "a wrong host or port, a server that is down, or a firewall in between");
    };
  }

  private Seen seen(FetchOutcome.Document answer) {
    List<Challenge> all = Challenge.read(answer.fields().all("WWW-Authenticate"));
    Optional<Challenge> bearer = Challenge.bearer(all);
    int status = answer.status();
    Welcome welcome =
        status == 401
            ? Welcome.ASKED_FOR_A_TOKEN
            : isMcp(answer)
                ? Welcome.LET_IN
                : status == 403 || status == 400 ? Welcome.PUZZLING : Welcome.NOBODY_THERE;
    Step step =
        switch (welcome) {
          case ASKED_FOR_A_TOKEN -> asked(all, bearer);
          case LET_IN ->
              clear(
                  "HTTP "
                      + status
                      + " without a token: it asks nobody, or not before a tool is called");
          case PUZZLING -> bad("HTTP " + status + " in place of 401", puzzling(status));
          case NOBODY_THERE -> bad("HTTP " + status, elsewhere(status));
        };
    return new Seen(step, welcome, bearer, IssuerProbe.date(answer.fields()));
  }

  private static boolean isMcp(FetchOutcome.Document answer) {
    String type = answer.fields().first("Content-Type").orElse("");
    if (answer.status() == 200 && type.startsWith("text/event-stream")) {
      return true;
    }
    try {
      return Json.parse(answer.body(), JsonBounds.DEFAULT)
          .asObject()
          .filter(reply -> reply.has("jsonrpc") && answer.status() < 500 && answer.status() != 403)
          .isPresent();
    } catch (JsonException notJson) {
      return false;
    }
  }

  private Step asked(List<Challenge> all, Optional<Challenge> bearer) {
    if (bearer.isPresent()) {
      return asked(bearer.get());
    }
    if (all.isEmpty()) {
      return bad(
          "401 without WWW-Authenticate",
          new Flaw(
              "it does not say how to sign in",
              FIELD,
              "a proxy in front strips WWW-Authenticate, or the server leaves it out"));
    }
    return bad(
        "401 that asks for " + all.getFirst().scheme(),
        new Flaw(
            "it asks for something else than a bearer token",
            FIELD,
            "a proxy in front has a sign-in of its own; let the path of the server through"));
  }

  private Step asked(Challenge bearer) {
    StringBuilder found = new StringBuilder("401, Bearer");
    for (String name : List.of("error", "scope", "resource_metadata")) {
      bearer
          .get(name)
          .ifPresent(value -> found.append(", ").append(name).append('=').append(value));
    }
    List<Flaw> flaws = inClear();
    Optional<String> metadata = bearer.get("resource_metadata");
    if (metadata.isEmpty()) {
      found.append("; no resource_metadata, so that clients look at the usual places");
    } else if (HttpUrl.of(metadata.get()).isEmpty()) {
      flaws.add(
          new Flaw(
              "resource_metadata is no URL",
              "RFC 9728 section 5.1",
              "a path in place of a whole URL"));
    }
    return Step.of(Step.Part.CHALLENGE, found.toString(), flaws);
  }

  private List<Flaw> inClear() {
    List<Flaw> flaws = new ArrayList<>();
    if (!endpoint.secure() && !endpoint.isLoopback()) {
      flaws.add(
          new Flaw(
              "tokens would travel in clear",
              "MCP authorization, Communication Security",
              "http in place of https: use the URL of the proxy that encrypts"));
    }
    return flaws;
  }

  private Step clear(String found) {
    List<Flaw> flaws = inClear();
    return flaws.isEmpty()
        ? Step.leftOut(Step.Part.CHALLENGE, found)
        : Step.of(Step.Part.CHALLENGE, found, flaws);
  }

  private static Flaw puzzling(int status) {
    return new Flaw(
        "who has no token is told " + status,
        SERVED,
        status == 403
            ? "the server does not answer to this host or a firewall is in front; who lacks a token"
                + " is told 401"
            : "the server looks at the request before it looks at who sent it");
  }

  private static Flaw elsewhere(int status) {
    return new Flaw(
        "there is no MCP endpoint",
        TRANSPORT,
        switch (status) {
          case 404, 405 -> "another path: the usual one is /mcp";
          case 429 -> "too many requests: try again later";
          default ->
              status >= 500
                  ? "a proxy whose server is down"
                  : "it is not MCP over HTTP that is there";
        });
  }

  private static Step bad(String found, Flaw flaw) {
    return Step.of(Step.Part.CHALLENGE, found, List.of(flaw));
  }
}
