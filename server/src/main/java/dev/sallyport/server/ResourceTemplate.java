package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resources whose URIs follow a pattern.
 *
 * <pre>{@code
 * ResourceTemplate.of("orders://order/{number}").named("Order").mimeType("application/json")
 *     .reading((uri, call) -> orders.find(uri.get("number")).map(Contents::json));
 * }</pre>
 *
 * A variable's value is percent-decoded, so it may hold any character: it is not a safe file name.
 * Immutable and thread-safe, as far as the author's code is.
 */
public final class ResourceTemplate {
  private final UriTemplate template;
  private final JsonObject listed;
  private final boolean subscribable;
  private final Set<Capability> required;
  private final CacheHint cache;
  private final String mimeType;
  private final Map<String, Completer> completers;
  private final Body body;

  /** An author's code for resources. */
  @FunctionalInterface
  public interface Body {
    /**
     * @return empty when there is no such resource, which the client is told (FE-11)
     */
    Optional<Contents> read(Arguments variables, Call call) throws Exception;
  }

  private ResourceTemplate(Draft draft, Body body) {
    this.template = draft.template;
    this.listed = draft.listed();
    this.subscribable = draft.subscribable;
    this.required = draft.required();
    this.cache = draft.cache;
    this.mimeType = draft.mimeType;
    this.completers = Map.copyOf(draft.completers);
    this.body = body;
  }

  /**
   * @param uriTemplate RFC 6570, level 1: plain {@code {names}} with text between them
   */
  public static Draft of(String uriTemplate) {
    return new Draft(new UriTemplate(uriTemplate));
  }

  String text() {
    return template.text();
  }

  JsonObject listed() {
    return listed;
  }

  boolean isSubscribable() {
    return subscribable;
  }

  boolean hasCompletions() {
    return !completers.isEmpty();
  }

  /** Suggests values, perhaps none; empty when there is nothing of that name. */
  Optional<Completer> completer(String variable) {
    return template.names().contains(variable)
        ? Optional.of(completers.getOrDefault(variable, Completer.NOTHING))
        : Optional.empty();
  }

  boolean matches(String uri) {
    return template.match(uri).isPresent();
  }

  /** How to read a URI; empty when it does not follow the pattern. */
  Optional<Resource.Reading> reading(String uri) {
    return template
        .match(uri)
        .map(
            variables ->
                new Resource.Reading(
                    required, cache, mimeType, call -> body.read(variables, call)));
  }

  /** A template being written; {@link #reading} ends it. */
  public static final class Draft extends Described<Draft> {
    private final UriTemplate template;
    private final Map<String, Completer> completers = new HashMap<>();
    private String mimeType = "";
    private CacheHint cache = CacheHint.NONE;
    private boolean subscribable;

    private Draft(UriTemplate template) {
      super(
          JsonObject.of("uriTemplate", Json.of(template.text()), "name", Json.of(template.text())));
      this.template = template;
    }

    @Override
    Draft self() {
      return this;
    }

    public Draft named(String name) {
      return with("name", Json.of(name));
    }

    public Draft mimeType(String type) {
      this.mimeType = type;
      return with("mimeType", Json.of(type));
    }

    public Draft annotated(Annotations annotations) {
      return with("annotations", annotations.json().toJson());
    }

    /** Clients may ask to be told of changes, which {@link McpServer#resourceChanged} tells. */
    public Draft subscribable() {
      this.subscribable = true;
      return this;
    }

    /** How long, and for whom, a client may keep what it read. */
    public Draft cached(Duration fresh, CacheScope scope) {
      this.cache = CacheHint.of(fresh, scope);
      return this;
    }

    /** Suggests values for a variable. */
    public Draft completing(String variable, Completer completer) {
      if (!template.names().contains(variable)) {
        throw new IllegalArgumentException("there is no {" + variable + "} in " + template.text());
      }
      completers.put(variable, completer);
      return this;
    }

    public ResourceTemplate reading(Body body) {
      return new ResourceTemplate(this, body);
    }
  }
}
