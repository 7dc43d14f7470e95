package dev.sallyport.upstream;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.legacy.LegacyOptions;
import dev.sallyport.upstream.legacy.Parks;
import dev.sallyport.upstream.modern.ModernOptions;
import dev.sallyport.upstream.sandbox.Sandbox;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.stdio.WireBounds;
import dev.sallyport.upstream.wire.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a server is dealt with, and its children are kept. Every bound is a row of docs/limits.md.
 *
 * @param clientInfo who we say we are: an Implementation object
 * @param sandbox what keeps the children in; closed by whoever opened it
 * @param notices told what an operator may want to know, on the thread where it happens: must
 *     neither block nor throw
 */
public record UpstreamOptions(
    EraChoice era,
    JsonObject clientInfo,
    Patience patience,
    Sharing sharing,
    WireBounds wire,
    Parks.Bounds parks,
    Sandbox sandbox,
    Consumer<ServerNotice> notices) {
  public static final UpstreamOptions DEFAULT =
      new UpstreamOptions(
          EraChoice.AUTO,
          JsonObject.of("name", Json.of("sallyport"), "version", Json.of(ourVersion())),
          Patience.DEFAULT,
          Sharing.DEFAULT,
          WireBounds.DEFAULT,
          Parks.Bounds.DEFAULT,
          Sandbox.none(),
          notice -> {});

  /**
   * How long to wait for what.
   *
   * @param probe for an answer to the first {@code server/discover} (CS-20)
   * @param handshake for an answer to {@code initialize}; a first start may download the server
   * @param call for an answer or progress of a call (CN-06)
   * @param longestCall for an answer, whatever progress there is
   * @param questions for more of them, after a legacy server has asked one (2.2.3)
   * @param eof for a child to end once its input is closed (CS-05)
   * @param term for a child to end once it was asked to
   */
  public record Patience(
      Duration probe,
      Duration handshake,
      Duration call,
      Duration longestCall,
      Duration questions,
      Duration eof,
      Duration term) {
    public static final Patience DEFAULT =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofMillis(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));
  }

  private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);
  private static final int MOST_URIS = 256;

  /** How a server without a handshake is dealt with. */
  ModernOptions modern() {
    return new ModernOptions(clientInfo, patience.call(), watch(), sharing.isShared());
  }

  /** How one with a handshake is. */
  LegacyOptions legacy(Duration handshake, int listens) {
    return new LegacyOptions(
        clientInfo,
        handshake,
        HOUSEKEEPING,
        patience.questions(),
        watch(),
        listens,
        MOST_URIS,
        sharing.isShared());
  }

  private Watch watch() {
    return new Watch(patience.call(), patience.longestCall());
  }

  private static String ourVersion() {
    return Optional.ofNullable(UpstreamOptions.class.getPackage().getImplementationVersion())
        .orElse("0");
  }

  public UpstreamOptions withEra(EraChoice other) {
    return new UpstreamOptions(other, clientInfo, patience, sharing, wire, parks, sandbox, notices);
  }

  /** With another time limit for calls; the longest call grows with it when it must. */
  public UpstreamOptions withCallTimeout(Duration limit) {
    Duration longest = limit.compareTo(patience.longestCall()) > 0 ? limit : patience.longestCall();
    return withPatience(
        new Patience(
            patience.probe(),
            patience.handshake(),
            limit,
            longest,
            patience.questions(),
            patience.eof(),
            patience.term()));
  }

  public UpstreamOptions withPatience(Patience other) {
    return new UpstreamOptions(era, clientInfo, other, sharing, wire, parks, sandbox, notices);
  }

  public UpstreamOptions withSharing(Sharing other) {
    return new UpstreamOptions(era, clientInfo, patience, other, wire, parks, sandbox, notices);
  }

  public UpstreamOptions withWire(WireBounds other) {
    return new UpstreamOptions(era, clientInfo, patience, sharing, other, parks, sandbox, notices);
  }

  public UpstreamOptions withParks(Parks.Bounds other) {
    return new UpstreamOptions(era, clientInfo, patience, sharing, wire, other, sandbox, notices);
  }

  public UpstreamOptions withSandbox(Sandbox other) {
    return new UpstreamOptions(era, clientInfo, patience, sharing, wire, parks, other, notices);
  }

  public UpstreamOptions withNotices(Consumer<ServerNotice> other) {
    return new UpstreamOptions(era, clientInfo, patience, sharing, wire, parks, sandbox, other);
  }
}
