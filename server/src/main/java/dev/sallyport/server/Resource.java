package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Something a client can read under one URI.
 *
 * <pre>{@code
 * Resource.at("orders://summary").named("Summary").mimeType("text/plain")
 *     .reading(call -> Contents.text(orders.summary()));
 * }</pre>
 *
 * Immutable and thread-safe, as far as the author's code is.
 */
public final class Resource {
  private final String uri;
  private final JsonObject listed;
  private final boolean subscribable;
  private final Reading reading;

  /** An author's code for a resource. */
  @FunctionalInterface
  public interface Body {
    Contents read(Call call) throws Exception;
  }

  private Resource(Draft draft, Body body) {
    this.uri = draft.uri;
    this.listed = draft.listed();
    this.subscribable = draft.subscribable;
    this.reading =
        new Reading(
            draft.required(), draft.cache, draft.mimeType, call -> Optional.of(body.read(call)));
  }

  public static Draft at(String uri) {
    if (!URI.create(uri).isAbsolute()) {
      throw new IllegalArgumentException("a resource has an absolute URI");
    }
    return new Draft(uri);
  }

  String uri() {
    return uri;
  }

  JsonObject listed() {
    return listed;
  }

  boolean isSubscribable() {
    return subscribable;
  }

  Reading reading() {
    return reading;
  }

  /**
   * What reading one URI takes.
   *
   * @param mimeType of parts that do not say their own; may be empty
   */
  record Reading(Set<Capability> required, CacheHint cache, String mimeType, Reader reader) {}

  /** Gives what there is; empty when there is nothing under this URI. */
  interface Reader {
    Optional<Contents> read(Call call) throws Exception;
  }

  /** A resource being written; {@link #reading} ends it. */
  public static final class Draft extends Described<Draft> {
    private final String uri;
    private String mimeType = "";
    private CacheHint cache = CacheHint.NONE;
    private boolean subscribable;

    private Draft(String uri) {
      super(JsonObject.of("uri", Json.of(uri), "name", Json.of(uri)));
      this.uri = uri;
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

    /**
     * @param bytes before any encoding
     */
    public Draft size(long bytes) {
      return with("size", Json.of(bytes));
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

    public Resource reading(Body body) {
      return new Resource(this, body);
    }
  }
}
