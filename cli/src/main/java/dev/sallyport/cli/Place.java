package dev.sallyport.cli;

import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.protocol.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who serves under a name of the configuration. A server that works goes on until the one that is
 * to take its place is up, so that a change which does not start takes nothing away; but not for
 * ever, because it may have been its end that the operator wanted.
 *
 * @param serving callers are led to it
 * @param successor is being started to take its place
 */
record Place(ConfiguredServer serving, Optional<Successor> successor) {
  /**
   * @param until when it takes the place at the latest, by {@link System#nanoTime}
   */
  record Successor(ConfiguredServer server, long until) {
    boolean isDue(long now) {
      return server.isUp() || now - until >= 0;
    }
  }

  static Place of(ConfiguredServer serving) {
    return new Place(serving, Optional.empty());
  }

  /** The one that the configuration asked for last. */
  ConfiguredServer wanted() {
    return successor.map(Successor::server).orElse(serving);
  }

  Stream<ConfiguredServer> both() {
    return Stream.concat(Stream.of(serving), successor.stream().map(Successor::server));
  }

  /** This place under a configuration; empty when that takes another server than these. */
  Optional<Place> as(ServerConfig config) {
    return goesOnAs(serving, config)
        ? Optional.of(of(serving)) // The change was taken back.
        : successor.filter(next -> goesOnAs(next.server(), config)).map(_ -> this);
  }

  private static boolean goesOnAs(ConfiguredServer server, ServerConfig config) {
    return server.runsAs(config) && !server.files().areOthers();
  }

  /**
   * With another server than these. One that does not work is given up for it at once.
   *
   * @param until when it takes the place at the latest, unless that was said before: who serves was
   *     to be replaced then
   */
  Place replacedBy(ConfiguredServer other, long until) {
    return serving.works()
        ? new Place(
            serving,
            Optional.of(new Successor(other, successor.map(Successor::until).orElse(until))))
        : of(other);
  }

  /** With the one that is to serve, when it is up or the time of the other is over. */
  Place advanced(long now) {
    return successor
        .filter(next -> next.isDue(now))
        .map(next -> Place.of(next.server()))
        .orElse(this);
  }

  /** Whether callers were led to another server there. */
  boolean isOfAnother(Optional<Place> before) {
    return before.filter(place -> place.serving() != serving).isPresent();
  }

  /** How it stands; asks all processes of who serves. */
  JsonObject status() {
    JsonObject status = serving.status();
    return successor
        .map(
            next ->
                StatusReport.withSuccessor(
                    status, next.server().status(), next.until() - System.nanoTime()))
        .orElse(status);
  }

  /** The same in a line for people. */
  String line() {
    return serving.line()
        + successor
            .map(next -> "; its old definition, because the new one is " + next.server().standsAt())
            .orElse("");
  }
}
