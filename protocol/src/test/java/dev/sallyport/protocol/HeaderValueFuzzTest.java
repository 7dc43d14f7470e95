package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class HeaderValueFuzzTest {

  /** A field value is decoded or refused, and no two texts share one. */
  @FuzzTest
  void decodes(byte[] bytes) {
    String field = new String(bytes, StandardCharsets.ISO_8859_1);

    Optional<String> text = HeaderValue.decode(field);

    text.ifPresent(one -> assertThat(HeaderValue.decode(HeaderValue.encode(one))).contains(one));
  }

  /** Any text becomes a value that no field can break out of, and comes back. */
  @FuzzTest
  void encodes(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);

    String field = HeaderValue.encode(text);

    assertThat(field.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
    assertThat(HeaderValue.decode(field)).contains(text);
    assertThat(HeaderValue.decode(" " + field + "\t")).contains(text);
  }
}
