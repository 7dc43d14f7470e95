package dev.sallyport.cli;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.access.token.IssuerProbe.Contact;
import dev.sallyport.access.token.IssuerProbe.PublishedKey;
import dev.sallyport.gateway.config.Shown;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.AddressRule;
import dev.sallyport.transport.outbound.GuardOptions;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the issuers of a configuration publish, as against what is written of them. That one cannot
 * be reached from here is no fault: it may be where this is served.
 */
final class IssuerChecks {
  private static final int LONGEST = 400;

  private final Clock clock;

  IssuerChecks(Clock clock) {
    this.clock = clock;
  }

  /**
   * What came of one.
   *
   * @param keys that a signature can be checked with; empty when they were not seen
   */
  record Checked(
      Issuer issuer, Optional<List<PublishedKey>> keys, List<String> faults, List<String> remarks) {
    String told() {
      return keys.map(IssuerProbe::summary).orElse("keys not seen");
    }

    JsonObject line() {
      JsonObject line = JsonObject.of("kind", Json.of("issuer"), "issuer", Json.of(issuer.name()));
      return keys.isEmpty()
          ? line
          : line.with("keys", Json.of(keys.get().stream().filter(PublishedKey::usable).count()))
              .with(
                  "algorithms",
                  Json.arrayOf(IssuerProbe.algorithms(keys.get()).stream().map(Json::of).toList()));
    }
  }

  /** All at once, since each may take as long as a fetch does. */
  List<Checked> of(List<Issuer> issuers) throws CliFault {
    if (issuers.isEmpty()) {
      return List.of();
    }
    try (HttpEngine engine = HttpEngine.begin();
        ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Checked>> looks = new ArrayList<>();
      for (Issuer issuer : issuers) {
        looks.add(() -> look(engine, issuer));
      }
      return each.invokeAll(looks).stream().map(Future::resultNow).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "interrupted");
    }
  }

  private Checked look(HttpEngine engine, Issuer issuer) throws InterruptedException {
    try (GuardedFetch fetch = GuardedFetch.open(engine, guard(issuer))) {
      return new Look(issuer, new IssuerProbe(fetch)).run();
    }
  }

  /** As when it is served: what the file names may be anywhere, and what that names may not. */
  private static GuardOptions guard(Issuer issuer) {
    Set<HttpUrl> named = new LinkedHashSet<>(Set.of(issuer.url()));
    issuer.keys().ifPresent(named::add);
    return GuardOptions.DEFAULT.withAddresses(AddressRule.PUBLIC.withOriginsOf(named));
  }

  /** Confined to one thread. */
  private final class Look {
    private final Issuer issuer;
    private final IssuerProbe probe;
    private final List<String> faults = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    Look(Issuer issuer, IssuerProbe probe) {
      this.issuer = issuer;
      this.probe = probe;
    }

    Checked run() throws InterruptedException {
      Optional<HttpUrl> place = issuer.keys().isPresent() ? issuer.keys() : published();
      Optional<List<PublishedKey>> keys = place.isPresent() ? keys(place.get()) : Optional.empty();
      return new Checked(issuer, keys, List.copyOf(faults), List.copyOf(remarks));
    }

    private Optional<HttpUrl> published() throws InterruptedException {
      return switch (probe.metadata(issuer.name(), issuer.url())) {
        case IssuerProbe.Metadata.Missing(var tried, var contact) -> {
          note(contact, String.join("; ", tried));
          yield Optional.empty();
        }
        case IssuerProbe.Metadata.Found(var place, var document, var date, var _) -> {
          clock(date);
          yield named(place, document);
        }
      };
    }

    private Optional<HttpUrl> named(HttpUrl place, JsonObject metadata) {
      String name = metadata.string("issuer").orElse("nobody");
      if (!name.equals(issuer.name())) {
        boolean slash = (name + "/").equals(issuer.name()) || name.equals(issuer.name() + "/");
        fault(
            place
                + " says that it is "
                + name
                + (slash ? ": they differ by a slash at the end, which counts" : ""));
        return Optional.empty();
      }
      Optional<HttpUrl> keys = metadata.string("jwks_uri").flatMap(HttpUrl::of);
      if (keys.isEmpty()) {
        fault(place + " does not say where the keys are (jwks_uri); name them with keys");
      }
      return keys;
    }

    private Optional<List<PublishedKey>> keys(HttpUrl place) throws InterruptedException {
      return switch (probe.keys(place)) {
        case IssuerProbe.Keys.Missing(var why, var contact) -> {
          note(contact, why);
          yield Optional.empty();
        }
        case IssuerProbe.Keys.Found(var keys, var date) -> {
          if (issuer.keys().isPresent()) {
            clock(date);
          }
          if (keys.stream().noneMatch(key -> key.usable() && fits(key))) {
            fault(
                place
                    + " has no key for "
                    + String.join(", ", issuer.algorithms().stream().sorted().toList()));
          }
          yield Optional.of(keys);
        }
      };
    }

    private boolean fits(PublishedKey key) {
      return key.algorithm()
          .map(issuer.algorithms()::contains)
          .orElseGet(
              () ->
                  issuer.algorithms().stream()
                      .anyMatch(name -> name.startsWith("ES") == key.kind().startsWith("EC")));
    }

    private void clock(Optional<Instant> date) {
      Duration ahead =
          date.map(there -> Duration.between(clock.instant(), there)).orElse(Duration.ZERO);
      if (ahead.abs().compareTo(IssuerProbe.CLOCKS) > 0) {
        remark(
            "its clock is "
                + ahead.abs().toSeconds()
                + " s "
                + (ahead.isNegative() ? "behind" : "ahead of")
                + " this machine's; tokens end, or begin, at the wrong time");
      }
    }

    private void note(Contact contact, String why) {
      switch (contact) {
        case SILENT -> remark("cannot be asked from here: " + why);
        case ANSWERED, REFUSED -> fault(why);
      }
    }

    private void fault(String what) {
      faults.add(told(what));
    }

    private void remark(String what) {
      remarks.add(told(what));
    }

    private String told(String what) {
      return "issuer " + Shown.line(issuer.name(), LONGEST) + ": " + Shown.line(what, LONGEST);
    }
  }
}
