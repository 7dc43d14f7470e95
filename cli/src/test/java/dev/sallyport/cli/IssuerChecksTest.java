package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.cli.IssuerChecks.Checked;
import dev.sallyport.cli.doctor.SignInSite;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config check} finds out of issuers. */
final class IssuerChecksTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private final SignInSite site = SignInSite.opened();

  @AfterEach
  void close() {
    site.close();
  }

  private Checked check(Issuer issuer) throws CliFault {
    return check(issuer, Clock.systemUTC());
  }

  private static Checked check(Issuer issuer, Clock clock) throws CliFault {
    return new IssuerChecks(clock).of(List.of(issuer)).getFirst();
  }

  private static Issuer issuer(String name) {
    return Issuer.of(name, HttpUrl.of(name).orElseThrow());
  }

  private static void assertWell(Checked checked) {
    assertThat(checked.faults()).isEmpty();
    assertThat(checked.remarks()).isEmpty();
    assertThat(checked.told()).isEqualTo("1 key for signatures: ES256");
  }

  @Test
  void an_issuer_that_is_as_it_says_is_well_and_one_that_differs_by_a_slash_is_not()
      throws CliFault {
    assertWell(check(issuer(site.issuer())));
    Checked other = check(issuer(site.issuer() + "/"));
    assertThat(other.faults())
        .singleElement()
        .asString()
        .contains("says that it is " + site.issuer() + ":", "a slash at the end, which counts");
    assertThat(other.keys()).isEqualTo(Optional.empty());
  }

  @Test
  void one_that_publishes_nothing_is_at_fault_and_one_that_is_away_is_not() throws Exception {
    site.withdraw(SignInSite.ISSUER_AT);
    assertThat(check(issuer(site.issuer())).faults())
        .singleElement()
        .asString()
        .contains(SignInSite.ISSUER_AT + " answers 404");
    String away;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      away = "http://127.0.0.1:" + gone.getLocalPort() + "/realm";
    }
    Checked checked = check(issuer(away));
    assertThat(checked.faults()).isEmpty();
    assertThat(checked.remarks()).singleElement().asString().contains("cannot be asked from here");
    site.breakDown(SignInSite.ISSUER_AT);
    Checked broken = check(issuer(site.issuer()));
    assertThat(broken.faults()).isEmpty();
    assertThat(broken.remarks()).singleElement().asString().contains("answers 503");
  }

  @Test
  void keys_have_to_be_of_an_algorithm_that_is_taken() throws CliFault {
    Issuer issuer = issuer(site.issuer());
    assertWell(check(issuer.withAlgorithms(Set.of("ES256"))));
    assertThat(check(issuer.withAlgorithms(Set.of("RS256"))).faults())
        .singleElement()
        .asString()
        .endsWith("/realm/jwks has no key for RS256");
    JsonObject none = JsonObject.of("keys", Json.arrayOf(List.of()));
    site.publish(SignInSite.KEYS_AT, none);
    assertThat(check(issuer).faults()).singleElement().asString().contains("has no key for ES256");
  }

  @Test
  void where_the_issuer_points_to_is_asked_only_if_serving_would_ask_there() throws CliFault {
    assertWell(check(issuer(site.issuer())));
    site.changeMetadata(all -> all.with("jwks_uri", "http://10.0.0.1/keys"));
    Checked checked = check(issuer(site.issuer()));
    assertThat(checked.faults()).singleElement().asString().contains("10.0.0.1 is not https");
  }

  @Test
  void keys_that_the_file_names_are_enough() throws CliFault {
    site.withdraw(SignInSite.ISSUER_AT);
    Issuer issuer =
        issuer(site.issuer()).withKeys(HttpUrl.of(site.url(SignInSite.KEYS_AT)).orElseThrow());
    assertWell(check(issuer));
    site.withdraw(SignInSite.KEYS_AT);
    assertThat(check(issuer).faults()).singleElement().asString().contains("answers 404");
  }

  @Test
  void a_clock_that_differs_is_worth_a_word() throws CliFault {
    Clock early = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(20));
    assertWell(check(issuer(site.issuer()), early));
    Clock far = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
    Checked checked = check(issuer(site.issuer()), far);
    assertThat(checked.faults()).isEmpty();
    assertThat(checked.remarks())
        .singleElement()
        .asString()
        .containsPattern("its clock is 12[01] s behind this machine's");
  }

  @Test
  void the_command_tells_it_and_leaves_it_out_offline() throws IOException {
    Path file = folder.resolve("sallyport.yaml");
    Files.writeString(
        file,
        "callers: tokens\nissuers: [{issuer: %s}]\nservers: {a: {command: /bin/sh}}\n"
            .formatted(site.issuer()));
    assertThat(run(file.toString())).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8))
        .containsPattern("issuer +" + site.issuer() + " +1 key for signatures: ES256");
    assertThat(run(file.toString(), "--json")).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8))
        .contains(
            "{\"kind\":\"issuer\",\"issuer\":\""
                + site.issuer()
                + "\",\"keys\":1,\"algorithms\":[\"ES256\"]}");

    site.changeMetadata(all -> all.with("issuer", "https://other.example"));
    int before = site.asked().size();
    assertThat(run(file.toString(), "--offline")).isZero();
    assertThat(site.asked()).hasSize(before);
    assertThat(run(file.toString())).isEqualTo(CliFault.CONFIG);
    assertThat(remarks.toString(StandardCharsets.UTF_8))
        .contains("says that it is https://other.example", file + " has a fault");
    assertThat(run(file.toString(), "--json")).isEqualTo(CliFault.CONFIG);
    assertThat(answers.toString(StandardCharsets.UTF_8)).contains("{\"kind\":\"fault\"");
  }

  private int run(String... words) {
    answers.reset();
    remarks.reset();
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    String[] all = new String[words.length + 2];
    all[0] = "config";
    all[1] = "check";
    System.arraycopy(words, 0, all, 2, words.length);
    return Sallyport.run(
        new Sallyport.Surroundings(Map.of(), folder.toString(), "somebody", screen), all);
  }
}
