package dev.sallyport.cli.doctor;

import dev.sallyport.cli.doctor.Documents.Got;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the server publishes of itself: for what tokens have to be, and who gives them out. */
final class ResourcePart {
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
  private static final String PLACES = "RFC 9728 section 3.1";
  private static final String SAME = "RFC 9728 section 3.3";
  private static final String MEMBERS = "RFC 9728 section 2";
  private static final int MOST_ISSUERS = 4;

  private final HttpUrl endpoint;
  private final String written;
  private final Documents documents;

  /**
   * @param written the endpoint's URL as the person wrote it
   */
  ResourcePart(HttpUrl endpoint, String written, Documents documents) {
    this.endpoint = endpoint;
    this.written = written;
    this.documents = documents;
  }

  /**
   * @param resource for what tokens have to be; what was asked for when it does not say
   */
  record Seen(Step step, String resource, List<String> issuers) {}

  /**
   * @param required whether it is a fault when there is none
   */
  Seen look(Optional<Challenge> challenge, boolean required) throws InterruptedException {
    List<Flaw> flaws = new ArrayList<>();
    List<String> tried = new ArrayList<>();
    Optional<HttpUrl> told =
        challenge.flatMap(each -> each.get("resource_metadata")).flatMap(HttpUrl::of);
    for (HttpUrl place : places(told)) {
      switch (documents.get(place)) {
        case Got.Document found -> {
          return read(found, flaws);
        }
        case Got.Nothing(var why, boolean refused) -> {
          tried.add(why);
          if (told.equals(Optional.of(place))) {
            flaws.add(
                new Flaw(
                    why,
                    "RFC 9728 section 5.1",
                    refused
                        ? Documents.ALLOW + place.origin()
                        : "the server takes an inner address for its public one, or a proxy does"
                            + " not pass on /.well-known/"));
          }
        }
      }
    }
    String found = "nothing is published";
    if (!required && flaws.isEmpty()) {
      return new Seen(Step.leftOut(Step.Part.RESOURCE, found), written, List.of());
    }
    flaws.add(
        new Flaw(
            String.join("; ", tried),
            PLACES + ", MCP authorization, Authorization Server Location",
            "a proxy passes on the endpoint alone and not /.well-known/, or the server takes keys"
                + " of its own in place of sign-in (of a Sallyport: SALLYPORT_TOKEN=sp_…)"));
    return new Seen(Step.of(Step.Part.RESOURCE, found, flaws), written, List.of());
  }

  /** OC-01; one of them once. */
  private List<HttpUrl> places(Optional<HttpUrl> told) {
    List<HttpUrl> places = new ArrayList<>();
    told.ifPresent(places::add);
    String path = endpoint.target().equals("/") ? "" : endpoint.target();
    places.add(at(WELL_KNOWN + path));
    places.add(at(WELL_KNOWN));
    return places.stream().distinct().toList();
  }

  private HttpUrl at(String target) {
    return new HttpUrl(endpoint.secure(), endpoint.host(), endpoint.port(), target);
  }

  private Seen read(Got.Document found, List<Flaw> flaws) {
    JsonObject document = found.object();
    Optional<String> resource = document.string("resource");
    flaws.addAll(ofResource(found, resource));
    List<String> issuers =
        document.array("authorization_servers").orElse(List.of()).stream()
            .flatMap(each -> each.asString().stream())
            .limit(MOST_ISSUERS)
            .toList();
    if (issuers.isEmpty()) {
      flaws.add(
          new Flaw(
              "it names no authorization server",
              MEMBERS + ", MCP authorization, Authorization Server Location",
              "authorization_servers is left out or empty"));
    }
    if (!found.type().startsWith("application/json")) {
      flaws.add(
          new Flaw(
              "its type is not application/json",
              "RFC 9728 section 3.2",
              "it is served as a file, or it is a page of a proxy"));
    }
    Optional<List<Json>> methods = document.array("bearer_methods_supported");
    if (methods.isPresent() && !methods.get().contains(Json.of("header"))) {
      flaws.add(
          new Flaw(
              "it does not take tokens in a header",
              MEMBERS + ", MCP authorization, Token Requirements",
              "bearer_methods_supported is without \"header\""));
    }
    String told =
        found.place()
            + ": resource="
            + resource.orElse("-")
            + ", sign-in at "
            + (issuers.isEmpty() ? "-" : String.join(", ", issuers));
    return new Seen(Step.of(Step.Part.RESOURCE, told, flaws), resource.orElse(written), issuers);
  }

  private List<Flaw> ofResource(Got.Document found, Optional<String> resource) {
    if (resource.isEmpty()) {
      return List.of(new Flaw("it has no resource", MEMBERS, "the member is left out"));
    }
    return resource.get().equals(written)
        ? List.of()
        : List.of(
            new Flaw(
                "it speaks for " + resource.get() + " and not for " + written,
                SAME,
                otherResource(found.place(), resource.get())));
  }

  private String otherResource(HttpUrl place, String resource) {
    if (Same.butForASlash(resource, written)) {
      return "a slash at the end: use the URL as the server has it, or let it publish the other";
    }
    if (Same.butForTheScheme(resource, written)) {
      return "the server is behind a proxy that encrypts and does not know it: set its public URL";
    }
    Optional<HttpUrl> other = HttpUrl.of(resource);
    if (other.isPresent() && other.get().hasOriginOf(endpoint)) {
      return place.target().equals(WELL_KNOWN)
          ? "the document at the root is of another path: publish one at "
              + WELL_KNOWN
              + endpoint.target()
          : "the server has another path in mind than the one that you use";
    }
    return "the server does not know its public URL, so that tokens are for an inner address";
  }
}
