package dev.sallyport.signin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;

class FormFuzzTest {
  /** What is let through has no control characters, and reads the same when it is written again. */
  @FuzzTest
  void reads(byte[] bytes) {
    Form.read(bytes)
        .ifPresent(
            form -> {
              for (String name : List.of("state", "code", "redirect_uri")) {
                form.get(name)
                    .ifPresent(
                        value -> {
                          assertThat(value.chars().anyMatch(Character::isISOControl)).isFalse();
                          assertThat(form.repeats(List.of(name))).isFalse();
                          String again = Served.encoded(Map.of(name, value));
                          Form.read(again)
                              .ifPresent(same -> assertThat(same.get(name)).contains(value));
                        });
              }
            });
  }

  /** An answer to a client can end up nowhere else, whatever it registered. */
  @FuzzTest
  void redirects(byte[] bytes) {
    RedirectUri.of(new String(bytes, ISO_8859_1))
        .ifPresent(
            uri -> {
              String answer = uri.with(List.of(Map.entry("code", "a&b#c")));
              assertThat(answer).startsWith(uri.text()).doesNotContain("#", " ", "\n", "\r");
              assertThat(uri.url().secure() || uri.isLoopback()).isTrue();
              assertThat(uri.policySource()).doesNotContain(";", " ", ",", "'", "*");
            });
  }
}
