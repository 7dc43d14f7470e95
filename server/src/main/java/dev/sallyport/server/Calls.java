package dev.sallyport.server;

import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.server.schema.InvalidInput;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Carries out the three methods that run an author's code and may ask the client (MR-02):
 * tools/call, prompts/get and resources/read. Each finds its target, checks the arguments and hands
 * over to a {@link Run}; a continuation goes to the run that asked.
 */
final class Calls {
  private static final Optional<JsonObject> NO_ARGUMENTS = Optional.of(JsonObject.EMPTY);
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final McpServer server;
  private final Parking parking;
  private final Semaphore running;

  Calls(McpServer server, Parking parking, int mostRunning) {
    this.server = server;
    this.parking = parking;
    this.running = new Semaphore(mostRunning);
  }

  Outcome callTool(Exchange exchange, Catalog catalog) {
    Optional<Tool> tool = target(exchange, "name").map(catalog.tools()::get);
    if (tool.isEmpty()) {
      return invalid("Unknown tool"); // FE-09
    }
    Optional<JsonObject> arguments =
        exchange.params().get("arguments").map(Json::asObject).orElse(NO_ARGUMENTS);
    if (arguments.isEmpty()) {
      return invalid("params.arguments must be an object");
    }
    try {
      return begin(exchange, tool.get().required(), tool.get().work(arguments.get()));
    } catch (InvalidInput unfit) {
      // Told to the model, which can mend it (FE-09).
      String faults = String.join("\n- ", unfit.faults());
      return new Outcome.Complete(ToolResult.error("Invalid arguments:\n- " + faults).json());
    }
  }

  Outcome getPrompt(Exchange exchange, Catalog catalog) {
    Optional<Prompt> prompt = target(exchange, "name").map(catalog.prompts()::get);
    if (prompt.isEmpty()) {
      return invalid("Unknown prompt"); // FE-13
    }
    Optional<Arguments> arguments = Params.strings(exchange.params().get("arguments"));
    if (arguments.isEmpty()) {
      return invalid("params.arguments must be an object of strings");
    }
    return prompt
        .get()
        .fault(arguments.get())
        .map(Calls::invalid)
        .orElseGet(
            () -> begin(exchange, prompt.get().required(), prompt.get().work(arguments.get())));
  }

  Outcome readResource(Exchange exchange, Catalog catalog) {
    Optional<String> uri = target(exchange, "uri");
    if (uri.isEmpty()) {
      return invalid("params.uri must be a string");
    }
    return catalog
        .reading(uri.get())
        .map(reading -> begin(exchange, reading.required(), new ReadWork(uri.get(), reading)))
        .orElseGet(() -> new Outcome.Failed(RpcError.resourceNotFound(uri.get()))); // FE-11
  }

  /** Starts the work, or goes on with it when the exchange brings answers to its questions. */
  private Outcome begin(Exchange exchange, Set<Capability> required, Work work) {
    Optional<Capability> missing =
        required.stream()
            .sorted()
            .filter(capability -> !capability.isDeclaredBy(exchange.client()))
            .findFirst();
    if (missing.isPresent()) {
      return new Outcome.Failed(RpcError.missingCapability(missing.get().required())); // VN-06
    }
    Optional<Continuation> continuation = exchange.continuation();
    Optional<String> handle = continuation.flatMap(Continuation::handle);
    if (handle.isEmpty()) {
      if (!running.tryAcquire()) {
        return new Outcome.Refused(
            Refusal.of(Refusal.Reason.UNAVAILABLE, "The server is busy: too many calls are running")
                .retryAfter(COME_BACK));
      }
      return new Run(work, exchange, server, parking, running::release).start();
    }
    Optional<RpcError> declined = continuation.flatMap(Continuation::fault);
    if (declined.isPresent()) {
      parking.find(handle.get(), exchange).ifPresent(Run::drop);
      return new Outcome.Failed(declined.get());
    }
    return parking
        .find(handle.get(), exchange)
        .flatMap(run -> run.resume(handle.get(), continuation.get(), exchange))
        // The same words for a stranger's, a used and an expired handle.
        .orElseGet(() -> invalid("Nothing waits for these answers any more; make the call again"));
  }

  private static Optional<String> target(Exchange exchange, String member) {
    return exchange.params().string(member);
  }

  private static Outcome invalid(String why) {
    return new Outcome.Failed(RpcError.invalidParams(why));
  }

  /** Reads one resource. */
  private record ReadWork(String uri, Resource.Reading reading) implements Work {
    @Override
    public String name() {
      return "resources/read"; // a URI of the client's is not for a log
    }

    @Override
    public Outcome carryOut(Call call) throws Exception {
      Optional<List<Json>> parts =
          reading.reader().read(call).map(contents -> contents.under(uri, reading.mimeType()));
      return parts
          .<Outcome>map(
              all ->
                  new Outcome.Complete(
                      reading.cache().addTo(JsonObject.of("contents", Json.arrayOf(all)))))
          .orElseGet(() -> new Outcome.Failed(RpcError.resourceNotFound(uri)));
    }

    @Override
    public Outcome failed(String why) {
      return new Outcome.Failed(RpcError.internal(why));
    }
  }
}
