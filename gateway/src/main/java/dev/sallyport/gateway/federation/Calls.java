package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is about one of several servers: goes to the one that is meant, in its own words, and what
 * it says comes back in those of the endpoint (mcp-reference 2.7.3, 2.7.5). Thread-safe.
 */
final class Calls {
  private static final RpcError NO_SUCH_TOOL = RpcError.invalidParams("Unknown tool");
  private static final RpcError NO_SUCH_PROMPT = RpcError.invalidParams("Unknown prompt");
  private static final RpcError NO_SUCH_TASK = RpcError.invalidParams("Task not found"); // TK-09
  private static final JsonObject NO_COMPLETIONS =
      JsonObject.of("completion", JsonObject.of("values", Json.arrayOf(List.of())).toJson());

  private final Lists lists;

  /**
   * @param lists where names that stand in for others are looked up
   */
  Calls(Lists lists) {
    this.lists = lists;
  }

  private static Outcome failed(RpcError error) {
    return new Outcome.Failed(error);
  }

  Outcome named(Exchange exchange, ListKind kind, Lineup now) {
    Optional<String> exposed = exchange.params().string("name");
    Optional<Upstream> upstream = exposed.flatMap(Names::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(kind == ListKind.TOOLS ? NO_SUCH_TOOL : NO_SUCH_PROMPT);
    }
    return original(exposed.get(), upstream.get(), exchange, kind)
        .map(own -> relayed(upstream.get(), exchange, exchange.params().with("name", own), now))
        .orElse(failed(kind == ListKind.TOOLS ? NO_SUCH_TOOL : NO_SUCH_PROMPT));
  }

  /** A name that stands in for another may be older than this process. */
  private Optional<String> original(
      String exposed, Upstream upstream, Exchange exchange, ListKind kind) {
    Names names = kind == ListKind.TOOLS ? upstream.tools() : upstream.prompts();
    if (names.needsList(exposed) && upstream.mayBeListed()) {
      lists.look(upstream, exchange, kind);
    }
    return names.isExposed(exposed) ? Optional.of(names.original(exposed)) : Optional.empty();
  }

  Outcome read(Exchange exchange, Lineup now) {
    Optional<String> exposed = exchange.params().string("uri");
    Optional<Upstream> upstream = exposed.flatMap(Uris::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(
          exposed
              .map(RpcError::resourceNotFound)
              .orElse(RpcError.invalidParams("uri must be a string")));
    }
    String original = upstream.get().uris().original(exposed.get());
    return relayed(upstream.get(), exchange, exchange.params().with("uri", original), now);
  }

  /** Who completes nothing has no suggestions, where others do (2.7.7). */
  Outcome complete(Exchange exchange, Lineup now) {
    JsonObject ref = exchange.params().object("ref").orElse(JsonObject.EMPTY);
    boolean ofPrompt = ref.string("type").filter("ref/prompt"::equals).isPresent();
    Optional<String> exposed = ref.string(ofPrompt ? "name" : "uri");
    Optional<Upstream> upstream =
        exposed.flatMap(ofPrompt ? Names::prefix : Uris::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(RpcError.invalidParams("Unknown prompt or resource template"));
    }
    Optional<JsonObject> own =
        ofPrompt
            ? original(exposed.get(), upstream.get(), exchange, ListKind.PROMPTS)
                .map(name -> ref.with("name", name))
            : Optional.of(ref.with("uri", upstream.get().uris().original(exposed.get())));
    if (own.isEmpty()) {
      return failed(RpcError.invalidParams("Unknown prompt or resource template"));
    }
    Outcome outcome =
        relayed(upstream.get(), exchange, exchange.params().with("ref", own.get()), now);
    return outcome instanceof Outcome.Failed(RpcError error)
            && error.code() == RpcError.METHOD_NOT_FOUND
        ? now.signed(new Outcome.Complete(NO_COMPLETIONS))
        : outcome;
  }

  Outcome task(Exchange exchange, Lineup now) {
    Optional<String> exposed = exchange.params().string(Tasks.ID);
    Optional<Upstream> upstream = exposed.flatMap(TaskNames::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(
          Tasks.areTakenBy(exchange.client())
              ? NO_SUCH_TASK
              : RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY))); // TK-10
    }
    return TaskNames.original(exposed.get(), upstream.get())
        .map(id -> relayed(upstream.get(), exchange, exchange.params().with(Tasks.ID, id), now))
        .orElse(failed(NO_SUCH_TASK)); // of another server that had this prefix
  }

  private static Outcome relayed(
      Upstream upstream, Exchange exchange, JsonObject params, Lineup now) {
    Optional<Continuation> answers = exchange.continuation();
    if (answers.isPresent() && !upstream.asked(answers.get())) {
      return failed(RpcError.invalidParams("requestState is not valid here"));
    }
    Rewriting rewriting = upstream.rewriting();
    return switch (upstream.carryOut(exchange, params, channel(exchange, upstream))) {
      case Outcome.Complete(JsonObject result) ->
          now.signed(
              new Outcome.Complete(
                  TaskNames.exposed(result(exchange.method(), rewriting).apply(result), upstream)));
      case Outcome.InputRequired asked ->
          new Outcome.InputRequired(
              asked.questions().stream().map(each -> attributed(each, rewriting)).toList(),
              asked.handle().map(upstream::marked),
              asked.rest(),
              asked.open());
      case Outcome.Failed(RpcError error) -> failed(rewriting.error(error));
      case Outcome.Refused refused -> refused;
      case Outcome.Cancelled cancelled -> cancelled;
    };
  }

  private static ClientChannel channel(Exchange exchange, Upstream upstream) {
    return new ClientChannel() {
      @Override
      public void notify(Message.Notification notification) {
        exchange.notify(exposed(notification, upstream));
      }

      @Override
      public void closeStream() {
        exchange.closeStream();
      }
    };
  }

  private static UnaryOperator<JsonObject> result(String method, Rewriting rewriting) {
    return switch (Method.of(method).orElseThrow()) {
      case TOOLS_CALL -> rewriting::calledResult;
      case PROMPTS_GET -> rewriting::prompt;
      case RESOURCES_READ -> rewriting::read;
      case TASKS_GET -> rewriting::task;
      default -> UnaryOperator.identity();
    };
  }

  /** Log messages say which server they are of. */
  private static Message.Notification exposed(
      Message.Notification notification, Upstream upstream) {
    if (!Method.LOG_MESSAGE.is(notification.method())) {
      return notification;
    }
    JsonObject params = notification.params();
    String logger = upstream.prefix() + params.string("logger").map(name -> "/" + name).orElse("");
    return new Message.Notification(notification.method(), params.with("logger", logger));
  }

  private static Question attributed(Question question, Rewriting rewriting) {
    return new Question(
        question.key(),
        question.method(),
        rewriting.question(question.method(), question.params()));
  }
}
