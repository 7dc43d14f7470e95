package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.RpcError;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The modern protocol without a transport: the ladder of checks that a message passes before a
 * handler sees it (mcp-reference 2.0, rule 4; 4-T08). The order is part of the contract: a client
 * learns what to repair from which check speaks first. Nothing is kept between requests but what
 * was learnt about the server (JR-16). Thread-safe.
 */
public final class ModernProtocol implements AutoCloseable {
  /** Of questions in one request; a server that asks for ever is broken off. */
  static final int MOST_ROUNDS = 32;

  private static final int LONGEST_ECHO = 64;
  private static final Duration KEYS_LAST = Duration.ofHours(12);

  final List<ProtocolVersion> served;
  private final String route;
  final Behind behind;
  final StateSeal seal;
  final ToolHeaders toolHeaders;
  final ServerIdentity identity;
  final Cancellation closing = new Cancellation();

  /** What the ladder says of a request. */
  public sealed interface Prepared {
    /** Sound: to be carried out. */
    record Ready(ModernCall call) implements Prepared {}

    /** At fault: to be answered so. */
    record Rejected(Ending ending) implements Prepared {}
  }

  /**
   * @param route the endpoint's name; what sealed states are bound to, besides the caller
   * @param served every version this endpoint serves, newest first
   */
  public ModernProtocol(
      String route,
      List<ProtocolVersion> served,
      CallLimits limits,
      ToolGroups groups,
      Handler handler,
      Clock clock,
      SecureRandom random) {
    this.served = List.copyOf(served);
    this.route = route;
    this.behind = new Behind(handler);
    this.seal =
        new StateSeal(
            route,
            limits.stateLife(),
            limits.stateLength(),
            new Seal(new SealKeys(clock, random, KEYS_LAST), clock, random));
    this.toolHeaders = new ToolHeaders(behind, groups, limits, clock);
    this.identity = new ServerIdentity(behind, limits, clock, closing);
  }

  /** The ladder for a request whose envelope is sound. */
  public Prepared prepare(Message.Request request, Identity who, Mirror mirror) {
    if (isForeignHandshake(request)) {
      // A client of another era learns from it which versions it may try (VN-08).
      return malformed(request, unsupported(request.params().string("protocolVersion").orElse("")));
    }
    return switch (Meta.read(request.params())) {
      case Meta.Reading.Malformed(var error) -> malformed(request, error); // VN-04
      case Meta.Reading.Complete(var meta, var params) ->
          prepare(new Message.Request(request.id(), request.method(), params), meta, who, mirror);
    };
  }

  /**
   * @param request without its metadata
   */
  private Prepared prepare(Message.Request request, Meta meta, Identity who, Mirror mirror) {
    Optional<RpcError> version = mirror.checkVersion(meta.version()); // SH-17
    if (version.isPresent()) {
      return malformed(request, version.get());
    }
    Optional<ProtocolVersion> spoken = ProtocolVersion.of(meta.version()).filter(this::isServed);
    if (spoken.isEmpty()) {
      return malformed(request, unsupported(meta.version())); // VN-03
    }
    Optional<RpcError> mirrored = mirror.checkRequest(request); // HD-01, HD-02
    if (mirrored.isPresent()) {
      return malformed(request, mirrored.get());
    }
    if (!isOfThisEra(request.method())) {
      return failed(request, RpcError.methodNotFound()); // SH-18, VN-17
    }
    ClientContext client =
        new ClientContext(spoken.get(), meta.capabilities(), meta.info(), meta.logLevel());
    return switch (Continuations.read(request, who.caller(), seal)) {
      case Continuations.Reading.Invalid(var error) -> failed(request, error);
      case Continuations.Reading.Valid(var continuation, var round, var params) ->
          new Prepared.Ready(
              new ModernCall(
                  this,
                  new Message.Request(request.id(), request.method(), params),
                  continuation,
                  round,
                  Origin.of(who.caller(), route).with(who.claims()).requested(request.id()),
                  client,
                  meta,
                  mirror));
    };
  }

  /** A notification is taken whatever it says, unless its headers say otherwise (HD-20, SH-07). */
  public Optional<RpcError> check(Message.Notification notification, Mirror mirror) {
    return mirror.checkNotification(notification);
  }

  /** Cancels every call that is being carried out. */
  @Override
  public void close() {
    closing.cancel();
  }

  private boolean isForeignHandshake(Message.Request request) {
    return Method.INITIALIZE.is(request.method())
        && Meta.claimedVersion(request.params()).isEmpty()
        && served.stream().allMatch(version -> version.era() == Era.MODERN);
  }

  private boolean isServed(ProtocolVersion version) {
    return version.era() == Era.MODERN && served.contains(version);
  }

  /** Methods nobody has heard of are the handler's to judge: extensions have their own. */
  private static boolean isOfThisEra(String method) {
    return Method.of(method)
        .map(
            known ->
                known.form() == Method.Form.REQUEST
                    && known.direction() != Method.Direction.TO_CLIENT
                    && known.eras() != Method.Eras.LEGACY)
        .orElse(true);
  }

  private RpcError unsupported(String requested) {
    String echo =
        requested.length() > LONGEST_ECHO ? requested.substring(0, LONGEST_ECHO) : requested;
    return RpcError.unsupportedVersion(echo, served);
  }

  private static Prepared malformed(Message.Request request, RpcError error) {
    return new Prepared.Rejected(Ending.malformed(request.id(), error));
  }

  private static Prepared failed(Message.Request request, RpcError error) {
    return new Prepared.Rejected(Ending.failed(request.id(), error));
  }
}
