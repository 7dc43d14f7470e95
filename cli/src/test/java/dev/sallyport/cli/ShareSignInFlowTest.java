package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.cli.doctor.SignInSite;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code share --issuer}: who comes in with a token, as {@code doctor} sees it. */
final class ShareSignInFlowTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final SignInSite site = SignInSite.opened();

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void tokens_of_the_issuer_open_it_and_so_does_the_owners_key() throws Exception {
    try (Program program = share("--issuer", site.issuer())) {
      JsonObject ready = program.ready();
      String url = ready.string("url").orElseThrow();
      assertThat(ready.array("issuers")).contains(List.of(Json.of(site.issuer())));

      JsonObject good = site.claims().with("aud", url);
      assertThat(doctor(url, site.token(SignInSite.header(), good))).as(said()).isZero();
      assertThat(said()).contains("✓ tools").doesNotContain("✗", "–");
      assertThat(doctor(url, ready.string("key").orElseThrow())).as(said()).isZero();
      assertThat(said()).contains("✓ tools").doesNotContain("✗");

      assertThat(doctor(url, site.token(SignInSite.header(), site.claims())))
          .isEqualTo(CliFault.PERMISSION);
      assertThat(said()).contains("aud is " + site.endpoint() + ", and not " + url);
      JsonObject plain = SignInSite.header().with("typ", "JWT");
      assertThat(doctor(url, site.token(plain, good))).isEqualTo(CliFault.PERMISSION);
      assertThat(doctor(url, "sp_" + "x".repeat(43))).isEqualTo(CliFault.PERMISSION);

      assertThat(program.stop())
          .anyMatch(line -> line.startsWith("✓ callers    1 access key made for you"))
          .contains("✓ callers    whoever signs in at " + site.issuer());
    }
  }

  @Test
  void with_keys_none_is_made_and_the_issuers_own_ways_are_taken() throws Exception {
    try (Program program =
        share(
            "--issuer",
            site.issuer(),
            "--keys",
            "--audience",
            "api://mcp",
            "--access-tokens",
            "use=access")) {
      JsonObject ready = program.ready();
      String url = ready.string("url").orElseThrow();
      assertThat(ready.string("key")).isEqualTo(Optional.empty());
      JsonObject plain = SignInSite.header().with("typ", "JWT");
      JsonObject good = site.claims().with("aud", "api://mcp").with("use", "access");
      // That the audience is another is still worth a word, but it is let in.
      assertThat(doctor(url, site.token(plain, good))).isEqualTo(CliFault.FAILURE);
      assertThat(said()).contains("✓ tools", "name it in audiences");
      assertThat(doctor(url, site.token(plain, good.with("use", "refresh"))))
          .isEqualTo(CliFault.PERMISSION);
      assertThat(program.stop())
          .contains(
              "✓ callers    your access keys (sallyport keys list)",
              "✓ callers    whoever signs in at " + site.issuer());
    }
  }

  @Test
  void whoever_signs_in_needs_no_key_in_what_is_typed() throws Exception {
    try (Program program = start("--issuer", site.issuer())) {
      assertThat(program.remark("who signs in:"))
          .contains("claude mcp add --transport http ")
          .doesNotContain("sp_", "--header");
      assertThat(program.remark("another client here:")).contains("Bearer sp_");
      program.stop();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      textBlock =
          """
          --no-auth --issuer https://login.example ^ --issuer and --no-auth contradict
          --issuer login.example ^ --issuer login.example is not the issuer exactly as
          --issuer http://login.example ^ a URL of https
          --issuer https://login.example --audience a§b ^ --audience a§b is not
          --issuer https://login.example --access-tokens = ^ --access-tokens = is not
          --issuer https://login.example --issuer https://login.example ^ given twice
          --audience api://mcp ^ --audience is about the tokens of an --issuer
          --access-tokens typ=Bearer ^ --access-tokens is about the tokens of an --issuer
          --issuer https://login.example --public-url https://mcp.example/team ^ the path /mcp
          --stdio --issuer https://login.example ^ --issuer and --stdio contradict
          --behind-proxy 10.0.0.7/32 --issuer https://login.example ^ --issuer behind a proxy needs --public-url
          """)
  void what_makes_no_sense_is_misuse(String flags, String told) {
    String line = "share " + flags + " -- npx";
    assertThat(run(Map.of(), line.split(" ", -1))).isEqualTo(CliFault.USAGE);
    assertThat(said()).contains(told);
  }

  private Program share(String... flags) throws Exception {
    return start(Stream.concat(Stream.of(flags), Stream.of("--json")).toArray(String[]::new));
  }

  private Program start(String... flags) throws Exception {
    site.refuse(200, Optional.empty()); // what is shared asks nobody
    List<String> words = new ArrayList<>(List.of("share"));
    words.addAll(List.of(flags));
    words.addAll(List.of("--listen", "127.0.0.1:0", "--era", "legacy"));
    words.add(site.endpoint());
    return Program.start(folder, words.toArray(String[]::new));
  }

  private int doctor(String url, String token) {
    return run(Map.of("SALLYPORT_TOKEN", token), "doctor", url, "--allow", site.url(""));
  }

  private int run(Map<String, String> environment, String... words) {
    said.reset();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    return Sallyport.run(
        new Sallyport.Surroundings(
            environment, folder.toString(), "somebody", new Screen(stream, stream, false)),
        words);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }
}
