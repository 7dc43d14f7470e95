package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Mail;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request of an exchange, in progress on a legacy server, with what the server asked on the way.
 * Waited on by one thread at a time; outlives the exchange that began it while it is parked.
 */
final class LegacyCall {
  // Only these may end in a question (MR-02).
  private static final Set<String> MAY_ASK =
      Set.of(Method.TOOLS_CALL.text(), Method.PROMPTS_GET.text(), Method.RESOURCES_READ.text());

  private final Call call;
  private final Exchange first;
  private final Questions questions = new Questions();
  private final AtomicReference<Refusals> refused = new AtomicReference<>(Refusals.NONE);

  /**
   * What the server asked for and could not have, because the client had not declared it.
   *
   * @param required ClientCapabilities, all in one
   * @param told what the server was told, as it will turn up in a tool's error text
   */
  record Refusals(JsonObject required, RpcError told) {
    static final Refusals NONE = new Refusals(JsonObject.EMPTY, RpcError.methodNotFound());

    /**
     * Whether a call failed because the server could not ask (2.2.10). Servers report what they
     * were told in their own words, with ours inside, or hand on the code.
     */
    boolean caused(Message.Reply failed) {
      return switch (failed) {
        case Message.Result(RpcId _, JsonObject result) ->
            result.get("isError").flatMap(Json::asBoolean).orElse(false)
                && result
                    .get("content")
                    .filter(some -> some.text().contains(told.message()))
                    .isPresent();
        case Message.Failure failure ->
            failure.error().message().contains(told.message())
                || (failure.error().code() == RpcError.METHOD_NOT_FOUND
                    && told.code() == RpcError.METHOD_NOT_FOUND);
      };
    }
  }

  LegacyCall(Call call, Exchange first) {
    this.call = call;
    this.first = first;
  }

  Call call() {
    return call;
  }

  String method() {
    return first.method();
  }

  JsonObject params() {
    return first.params();
  }

  Caller caller() {
    return first.caller();
  }

  /** Has whoever waits look at the questions. */
  void nudge() {
    call.put(new Mail.Asked());
  }

  Questions questions() {
    return questions;
  }

  boolean mayAsk() {
    return MAY_ASK.contains(first.method());
  }

  void refuse(Refusals some) {
    refused.set(some);
  }

  Optional<Refusals> refused() {
    return Optional.of(refused.get()).filter(some -> !some.required().isEmpty());
  }
}
