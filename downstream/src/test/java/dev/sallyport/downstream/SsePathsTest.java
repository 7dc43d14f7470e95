package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.protocol.ProtocolVersion.Era;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the older transport may be, and where it may not. */
final class SsePathsTest {
  private static final EndpointOptions OPTIONS = EndpointOptions.of("team", "/mcp");

  @Test
  void it_is_off_by_default() {
    assertThat(OPTIONS.sse()).isEmpty();
    assertThat(OPTIONS.withSse(SsePaths.DEFAULT).sse()).contains(SsePaths.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/team/messages", "/a-b/c.d_e/%20/messages", "/"})
  void a_path_is_shown_as_it_is(String path) {
    assertThat(SsePaths.DEFAULT.withShown(path).shown()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "messages", "//evil.example/m", "https://evil.example/", "/m?a", "/m#a", "/ä"})
  void what_would_lead_elsewhere_or_is_no_path_is_refused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> SsePaths.DEFAULT.withShown(path));
  }

  @Test
  void a_line_break_would_be_another_event() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SsePaths.DEFAULT.withShown("/m\ndata: x"));
  }

  @Test
  void each_path_leads_to_one_thing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SsePaths("/sse", "/sse", "/sse"));
    for (SsePaths paths :
        new SsePaths[] {new SsePaths("/mcp", "/m", "/m"), new SsePaths("/sse", "/mcp", "/mcp")}) {
      assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withSse(paths));
    }
  }

  @Test
  void it_needs_versions_with_a_handshake() {
    EndpointOptions legacy = OPTIONS.withEras(Set.of(Era.LEGACY)).withSse(SsePaths.DEFAULT);
    assertThat(legacy.sse()).isPresent();
    assertThatIllegalArgumentException().isThrownBy(() -> legacy.withEras(Set.of(Era.MODERN)));
  }
}
