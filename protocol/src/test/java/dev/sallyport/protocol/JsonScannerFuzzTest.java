package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class JsonScannerFuzzTest {
  private static final Taken.Judge JUDGE = new Taken.Judge(JsonBounds.DEFAULT);

  /** Whatever comes, Jackson takes the same out of it or refuses it too. */
  @FuzzTest
  void judges(byte[] text) {
    for (int levels = 0; levels < 3; levels++) {
      assertThat(JUDGE.byScanner(text, levels).unnamed())
          .isEqualTo(JUDGE.byJackson(text, levels).unnamed());
    }
  }
}
