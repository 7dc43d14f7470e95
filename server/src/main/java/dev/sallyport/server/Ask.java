package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Question;
import dev.sallyport.server.schema.InvalidInput;
import dev.sallyport.server.schema.RecordSchema;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Something only the client or its user can tell, asked by {@link Call#ask} in the middle of a
 * call. The key names the answer, so it has to be unique within one call.
 *
 * <pre>{@code
 * record Name(@Description("As it shall stand on the badge") String name) {}
 * Elicited<Name> name = call.ask(Ask.form("name", "What is your name?", Name.class));
 * }</pre>
 *
 * Immutable.
 *
 * @param <A> the answer
 */
public final class Ask<A> {
  private final Question question;
  private final Capability needs;
  private final Reading<A> reading;

  /** Reads a well-formed answer, or says what is wrong with it. */
  private interface Reading<A> {
    A read(JsonObject answer) throws InvalidInput;
  }

  private Ask(Question question, Capability needs, Reading<A> reading) {
    this.question = question;
    this.needs = needs;
    this.reading = reading;
  }

  /**
   * A form for the client's user. Never for secrets (MR-14): {@link #page} is.
   *
   * @param form a flat record: strings, numbers, booleans, dates, enums, lists of an enum
   */
  public static <R extends Record> Ask<Elicited<R>> form(
      String key, String message, Class<R> form) {
    RecordSchema<R> schema = RecordSchema.of(form);
    return elicitation(key, message, schema.form(), schema::read);
  }

  /**
   * As {@link #form(String, String, Class)}, with a schema written by hand; the answer is not
   * checked against it.
   */
  public static Ask<Elicited<JsonObject>> form(String key, String message, JsonObject schema) {
    return elicitation(key, message, schema, content -> content);
  }

  private static <T> Ask<Elicited<T>> elicitation(
      String key, String message, JsonObject schema, Reading<T> content) {
    JsonObject params =
        JsonObject.of("message", Json.of(message), "requestedSchema", schema.toJson());
    return new Ask<>(
        new Question(key, Method.ELICIT.text(), params),
        Capability.ELICITATION_FORM,
        answer ->
            switch (consent(answer)) {
              case ACCEPTED ->
                  new Elicited.Accepted<>(
                      content.read(answer.object("content").orElse(JsonObject.EMPTY)));
              case DECLINED -> new Elicited.Declined<>();
              case DISMISSED -> new Elicited.Dismissed<>();
            });
  }

  /**
   * Sends the client's user to a web page, for what must not pass through the client.
   *
   * @param url holds nothing secret and signs nobody in by itself (MR-15)
   */
  public static Ask<Consent> page(String key, String message, URI url) {
    if (!"https".equals(url.getScheme()) && !"http".equals(url.getScheme())) {
      throw new IllegalArgumentException("a web page has an http or https URL");
    }
    JsonObject params =
        JsonObject.of("mode", Json.of("url"), "message", Json.of(message))
            .with("url", url.toString());
    return new Ask<>(
        new Question(key, Method.ELICIT.text(), params), Capability.ELICITATION_URL, Ask::consent);
  }

  /** A question for the client's language model. */
  public static Ask<Sampled> sampling(String key, Sampling request) {
    return new Ask<>(
        new Question(key, Method.SAMPLING.text(), request.params()),
        request.params().has("tools") ? Capability.SAMPLING_TOOLS : Capability.SAMPLING,
        Ask::sampled);
  }

  /** Which folders the client works on. */
  public static Ask<List<Root>> roots(String key) {
    return new Ask<>(
        new Question(key, Method.ROOTS_LIST.text(), JsonObject.EMPTY),
        Capability.ROOTS,
        Ask::listed);
  }

  private static Consent consent(JsonObject answer) throws InvalidInput {
    return switch (answer.string("action").orElse("")) {
      case "accept" -> Consent.ACCEPTED;
      case "decline" -> Consent.DECLINED;
      case "cancel" -> Consent.DISMISSED;
      default -> throw InvalidInput.of("action: expected accept, decline or cancel");
    };
  }

  private static Sampled sampled(JsonObject answer) throws InvalidInput {
    Sampled sampled = new Sampled(answer);
    if (sampled.content().isEmpty()) {
      throw InvalidInput.of("content: expected a content block");
    }
    return sampled;
  }

  private static List<Root> listed(JsonObject answer) throws InvalidInput {
    List<Root> roots = new ArrayList<>();
    for (Json root :
        answer.array("roots").orElseThrow(() -> InvalidInput.of("roots: expected an array"))) {
      JsonObject members = root.asObject().orElse(JsonObject.EMPTY);
      String uri =
          members.string("uri").orElseThrow(() -> InvalidInput.of("roots: expected a uri in each"));
      roots.add(new Root(uri, members.string("name").orElse("")));
    }
    return List.copyOf(roots);
  }

  String key() {
    return question.key();
  }

  Question question() {
    return question;
  }

  Capability needs() {
    return needs;
  }

  A read(Json answer) throws InvalidInput {
    return reading.read(answer.asObject().orElseThrow(() -> InvalidInput.of("expected an object")));
  }
}
