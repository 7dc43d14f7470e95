package dev.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundProxy;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReachTest {
  private static final HttpUrl SECURE = HttpUrl.of("https://notes.example/mcp").orElseThrow();
  private static final HttpUrl PLAIN = HttpUrl.of("http://notes.example/mcp").orElseThrow();

  private static Reach read(HttpUrl url, Map<String, String> environment, String... words)
      throws CliFault {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    ShareCommand share =
        new ShareCommand(
            new Sallyport.Surroundings(
                environment, "/home/a", "a", new Screen(nowhere, nowhere, false)));
    List<String> line = Stream.concat(Arrays.stream(words), Stream.of("https://a/")).toList();
    return Reach.read(ArgumentParser.parse(share, line), url, environment);
  }

  private static Optional<String> proxy(
      HttpUrl url, Map<String, String> environment, String... words) throws CliFault {
    return read(url, environment, words).proxy().map(OutboundProxy::where);
  }

  @Test
  void the_proxy_of_the_environment_is_the_one_for_the_scheme() throws Exception {
    Map<String, String> both = Map.of("HTTPS_PROXY", "http://s:1", "HTTP_PROXY", "http://p:2");

    assertThat(proxy(SECURE, both)).contains("s:1");
    assertThat(proxy(PLAIN, both)).contains("p:2");
    assertThat(proxy(PLAIN, Map.of("HTTPS_PROXY", "http://s:1"))).isEmpty();
    assertThat(proxy(PLAIN, Map.of("ALL_PROXY", "socks5://a:3"))).contains("a:3");
  }

  @Test
  void small_letters_come_first_and_nothing_is_nothing() throws Exception {
    assertThat(proxy(SECURE, Map.of("https_proxy", "http://s:1", "HTTPS_PROXY", "http://l:2")))
        .contains("s:1");
    assertThat(proxy(SECURE, Map.of("HTTPS_PROXY", ""))).isEmpty();
  }

  @Test
  void an_option_stands_above_the_environment() throws Exception {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://s:1");

    assertThat(proxy(SECURE, environment, "--proxy", "http://o:2")).contains("o:2");
    assertThat(proxy(SECURE, environment, "--proxy", "none")).isEmpty();
  }

  @Test
  void some_hosts_are_reached_without_it() throws Exception {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://s:1", "NO_PROXY", "other.example,.notes.example");

    assertThat(proxy(SECURE, environment)).isEmpty();
    assertThat(proxy(HttpUrl.of("https://127.0.0.1/").orElseThrow(), environment)).isEmpty();
    assertThat(proxy(HttpUrl.of("https://third.example/").orElseThrow(), environment))
        .contains("s:1");
  }

  @Test
  void what_is_no_proxy_is_refused_and_not_shown() {
    assertThatThrownBy(() -> proxy(SECURE, Map.of("HTTPS_PROXY", "ftp://u:hidden@p")))
        .isInstanceOf(CliFault.class)
        .hasMessageContaining("HTTPS_PROXY is no proxy")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void files_are_there_and_a_certificate_has_its_key(@TempDir Path folder) throws Exception {
    String pem = Files.writeString(folder.resolve("a.pem"), "").toString();

    assertThat(read(SECURE, Map.of(), "--client-cert", pem, "--client-key", pem).identity())
        .isPresent();
    assertThat(read(SECURE, Map.of(), "--ca", pem).authorities()).isPresent();
    assertThatThrownBy(() -> read(SECURE, Map.of(), "--client-cert", pem))
        .hasMessageContaining("go together");
    assertThatThrownBy(() -> read(SECURE, Map.of(), "--ca", pem + "x"))
        .hasMessageContaining("cannot read");
  }
}
