package dev.sallyport.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.cli.doctor.Examination.Ending;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.AddressRule;
import dev.sallyport.transport.outbound.GuardOptions;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What depends on the clock, and on where may be asked. */
final class ExaminationTest {
  private final SignInSite site = SignInSite.opened();
  private final SignInSite elsewhere = SignInSite.opened();
  private final List<Step> steps = new ArrayList<>();

  @AfterEach
  void close() {
    site.close();
    elsewhere.close();
  }

  @Test
  void clocks_that_agree_are_well_and_those_that_do_not_are_named() throws Exception {
    assertThat(examine(Clock.systemUTC(), site)).isEqualTo(Ending.WELL);
    assertThat(step(Step.Part.CLOCK).state()).isEqualTo(Step.State.GOOD);
    steps.clear();
    Clock late = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-5));
    assertThat(examine(late, site)).isEqualTo(Ending.FAULTY);
    assertThat(step(Step.Part.CLOCK).flaws())
        .anyMatch(flaw -> flaw.what().matches("the clock of the server is (299|300) s ahead"))
        .anyMatch(flaw -> flaw.what().startsWith("the clock of " + site.issuer()));
  }

  @Test
  void another_place_of_this_machine_is_asked_when_it_was_named_and_not_when_it_was_pointed_to()
      throws Exception {
    site.changeResource(
        all -> all.with("authorization_servers", SignInSite.texts(elsewhere.issuer())));
    assertThat(examine(Clock.systemUTC(), site)).isEqualTo(Ending.FAULTY);
    assertThat(step(Step.Part.ISSUER).flaws())
        .anyMatch(flaw -> flaw.cause().endsWith("--allow " + elsewhere.url("")));
    assertThat(elsewhere.asked()).isEmpty();
    steps.clear();
    assertThat(examine(Clock.systemUTC(), site, elsewhere)).isEqualTo(Ending.WELL);
    assertThat(elsewhere.asked()).containsExactly(SignInSite.ISSUER_AT, SignInSite.KEYS_AT);
  }

  private Step step(Step.Part part) {
    return steps.stream().filter(step -> step.part() == part).findFirst().orElseThrow();
  }

  private Ending examine(Clock clock, SignInSite... named) throws InterruptedException {
    Set<HttpUrl> origins = new LinkedHashSet<>();
    Stream.of(named).forEach(each -> origins.add(HttpUrl.of(each.endpoint()).orElseThrow()));
    GuardOptions guard =
        GuardOptions.DEFAULT.withAddresses(AddressRule.PUBLIC.withOriginsOf(origins));
    try (HttpEngine engine = HttpEngine.begin();
        GuardedFetch fetch = GuardedFetch.open(engine, guard)) {
      return new Examination(
              new Examination.Patient(
                  URI.create(site.endpoint()),
                  HttpUrl.of(site.endpoint()).orElseThrow(),
                  Optional.empty(),
                  "1"),
              fetch,
              clock,
              steps::add)
          .run();
    }
  }
}
