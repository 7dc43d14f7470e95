package dev.sallyport.cli.doctor;

import dev.sallyport.access.Secret;
import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.access.token.IssuerProbe.PublishedKey;
import dev.sallyport.cli.doctor.ChallengePart.Welcome;
import dev.sallyport.gateway.config.Shown;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The whole way, once. Confined to one thread, which it blocks.
 *
 * <pre>{@code
 * Examination.Ending ending =
 *     new Examination(patient, fetch, Clock.systemUTC(), step -> print(step)).run();
 * }</pre>
 */
public final class Examination {
  private static final int LONGEST = 600;

  private final Patient patient;
  private final GuardedFetch fetch;
  private final Clock clock;
  private final Consumer<Step> teller;
  private final ClockPart clocks;
  private final Map<String, List<PublishedKey>> keys = new LinkedHashMap<>();
  private boolean well = true;

  /**
   * Who is looked at.
   *
   * @param endpoint as it is asked; {@code url} is the same place
   * @param version of ours, as the server is told
   */
  public record Patient(URI endpoint, HttpUrl url, Optional<Secret> token, String version) {}

  /** How it went, of all steps together. */
  public enum Ending {
    WELL,
    FAULTY,
    /** There is no server to look at. */
    NOBODY_THERE,
    /** The server does not take the token. */
    TURNED_AWAY
  }

  /**
   * @param fetch asks the server, and what it points to as far as that may be asked
   * @param teller is told each step when it is done
   */
  public Examination(Patient patient, GuardedFetch fetch, Clock clock, Consumer<Step> teller) {
    this.patient = patient;
    this.fetch = fetch;
    this.clock = clock;
    this.teller = teller;
    this.clocks = new ClockPart(clock);
  }

  public Ending run() throws InterruptedException {
    Door door = new Door(patient.url(), fetch, patient.version());
    ChallengePart.Seen first = new ChallengePart(patient.url()).look(door.knock(Optional.empty()));
    clocks.saw("the server", first.date());
    tell(first.step());
    if (first.welcome() == Welcome.NOBODY_THERE) {
      return Ending.NOBODY_THERE;
    }
    ResourcePart.Seen resource = resource(first);
    tell(resource.step());
    for (String issuer : resource.issuers()) {
      issuer(issuer);
    }
    tell(clocks.look());
    Set<String> scopes = first.challenge().map(Challenge::scopes).orElse(Set.of());
    Step token =
        new TokenPart(clock)
            .look(
                patient.token(),
                new TokenPart.Wanted(resource.resource(), resource.issuers(), keys, scopes));
    tell(token);
    return tools(door, first.welcome(), token.state() != Step.State.BAD);
  }

  private ResourcePart.Seen resource(ChallengePart.Seen first) throws InterruptedException {
    boolean key =
        patient.token().map(ShownToken::of).filter(ShownToken.Key.class::isInstance).isPresent();
    return new ResourcePart(patient.url(), patient.endpoint().toString(), new Documents(fetch))
        .look(first.challenge(), !key && first.welcome() != Welcome.LET_IN);
  }

  private void issuer(String name) throws InterruptedException {
    IssuerProbe probe = new IssuerProbe(fetch);
    IssuerPart.Seen issuer = new IssuerPart(probe).look(name);
    clocks.saw(name, issuer.date());
    tell(issuer.step());
    Optional<JsonObject> metadata = issuer.metadata();
    if (metadata.isEmpty()) {
      tell(Step.leftOut(Step.Part.KEYS, "without metadata nobody knows where they are"));
      return;
    }
    KeysPart.Seen found = new KeysPart(probe).look(metadata.get());
    found.keys().ifPresent(some -> keys.put(name, some));
    tell(found.step());
  }

  private Ending tools(Door door, Welcome welcome, boolean tokenFits) throws InterruptedException {
    if (patient.token().isEmpty() && welcome != Welcome.LET_IN) {
      tell(Step.leftOut(Step.Part.TOOLS, "not asked for without a token"));
      return ending();
    }
    ToolsPart.Seen tools =
        new ToolsPart(patient.endpoint(), door, patient.version()).look(patient.token(), tokenFits);
    tell(tools.step());
    return tools.turnedAway() ? Ending.TURNED_AWAY : ending();
  }

  private Ending ending() {
    return well ? Ending.WELL : Ending.FAULTY;
  }

  private void tell(Step step) {
    well &= step.state() != Step.State.BAD;
    teller.accept(step.told(this::shown));
  }

  /**
   * A server may repeat what it was shown; and what it writes is bounded and drives no terminal.
   */
  private String shown(String text) {
    String safe = patient.token().map(token -> text.replace(token.reveal(), "***")).orElse(text);
    return Shown.line(safe, LONGEST);
  }
}
