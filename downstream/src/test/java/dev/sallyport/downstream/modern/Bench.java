package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The modern protocol over nothing, with a scripted handler behind it. */
final class Bench {
  static final Caller ANNA = new Caller("key", "anna", "1");
  static final Caller BERT = new Caller("key", "bert", "1");
  static final String VERSION = "io.modelcontextprotocol/protocolVersion";
  static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  // Many tests make the handler do what it may not, and it is said so at length.
  private static final Logger LOG = Logger.getLogger("dev.sallyport.downstream");

  static {
    LOG.setLevel(Level.OFF);
  }

  final ScriptedHandler handler = new ScriptedHandler();
  final AdjustableClock clock = new AdjustableClock();
  final Cancellation gone = new Cancellation();
  final Cancellation draining = new Cancellation();
  final List<Message.Notification> notified = new CopyOnWriteArrayList<>();
  final ModernProtocol protocol =
      new ModernProtocol(
          "team",
          ProtocolVersion.newestFirst(ProtocolVersion.Era.MODERN),
          CallLimits.DEFAULT,
          ToolGroups.ONE,
          handler,
          clock,
          new SecureRandom());

  /** A request in the making: everything in it is right until a test changes it. */
  final class Asking {
    private final String method;
    private JsonObject params;
    private final Map<String, String> meta = new LinkedHashMap<>();
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private Caller caller = ANNA;
    private boolean piped;

    Asking(String method, String params) {
      this.method = method;
      this.params = ScriptedHandler.object(params);
      meta.put(VERSION, "\"2026-07-28\"");
      meta.put(CAPABILITIES, "{}");
      header("MCP-Protocol-Version", "2026-07-28");
      header("Mcp-Method", method);
      this.params
          .string("name")
          .or(() -> this.params.string("uri"))
          .ifPresent(name -> header("Mcp-Name", name));
    }

    Asking header(String name, String... values) {
      headers.put(name, List.of(values));
      return this;
    }

    Asking noHeader(String name) {
      headers.remove(name);
      return this;
    }

    Asking meta(String key, String json) {
      meta.put(key, json);
      return this;
    }

    Asking noMeta(String key) {
      meta.remove(key);
      return this;
    }

    Asking with(String name, String json) {
      params = params.with(name, value(json));
      return this;
    }

    Asking by(Caller other) {
      caller = other;
      return this;
    }

    Asking overAPipe() {
      piped = true;
      return this;
    }

    Ending run() {
      JsonObject all = params;
      if (!meta.isEmpty()) {
        JsonObject members = JsonObject.EMPTY;
        for (Map.Entry<String, String> each : meta.entrySet()) {
          members = members.with(each.getKey(), value(each.getValue()));
        }
        all = all.with("_meta", members);
      }
      Mirror mirror =
          piped ? Mirror.NONE : Mirror.of(name -> headers.getOrDefault(name, List.of()));
      Message.Request request = new Message.Request(RpcId.of("7"), method, all);
      return switch (protocol.prepare(request, new Identity(caller, Claims.NONE), mirror)) {
        case ModernProtocol.Prepared.Rejected(var ending) -> ending;
        case ModernProtocol.Prepared.Ready(var call) -> call.run(notified::add, gone, draining);
      };
    }

    /** The result of a request that succeeds. */
    JsonObject result() {
      Ending ending = run();
      if (ending instanceof Ending.Replied(int status, Message.Result(var _, var result))
          && status == 200) {
        return result;
      }
      throw new AssertionError("no result but " + ending.message());
    }
  }

  Asking asking(String method, String params) {
    return new Asking(method, params);
  }

  Asking asking(String method) {
    return new Asking(method, "{}");
  }

  /** The status and the code of an ending. */
  static List<Integer> verdict(Ending ending) {
    List<Integer> verdict = new ArrayList<>();
    switch (ending) {
      case Ending.Replied(int status, Message.Reply reply) -> {
        verdict.add(status);
        verdict.add(reply instanceof Message.Failure failure ? failure.error().code() : 0);
      }
      case Ending.Refused(var _, var refusal) -> {
        verdict.add(refusal.reason().httpStatus());
        verdict.add(refusal.error().code());
      }
      case Ending.Nothing() -> {}
    }
    return verdict;
  }

  static Json value(String json) {
    return ScriptedHandler.object("{\"v\":" + json + "}").get("v").orElseThrow();
  }
}
