package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonScannerPropertyTest {
  private static final List<Taken.Judge> JUDGES =
      List.of(
          new Taken.Judge(JsonBounds.DEFAULT),
          new Taken.Judge(new JsonBounds(3, 1_000, 10_000, 1_000_000)),
          new Taken.Judge(new JsonBounds(128, 5, 10_000, 1_000_000)),
          new Taken.Judge(new JsonBounds(128, 1_000, 4, 1_000_000)),
          new Taken.Judge(new JsonBounds(128, 1_000, 10_000, 12)));

  /** For hours by hand: {@code -Dsallyport.times=100000000}. */
  private static final int TIMES = Integer.getInteger("sallyport.times", 60_000);

  @Test
  void the_scanner_judges_every_text_as_jackson_does_and_takes_the_same_out_of_it() {
    Randomly.check(
        TIMES,
        random -> {
          byte[] text = Hostile.text(random);
          Taken.Judge judge = JUDGES.get(Math.max(0, random.nextInt(9) - 4));
          int levels = random.nextInt(4);

          Taken expected = judge.byJackson(text, levels);
          Taken scanned = judge.byScanner(text, levels);
          boolean wide = judge == JUDGES.getFirst();
          assertThat(wide ? scanned : scanned.unnamed())
              .as(() -> new String(text, StandardCharsets.UTF_8))
              .isEqualTo(wide ? expected : expected.unnamed());
        });
  }

  @Test
  void what_was_checked_is_taken_apart_as_jackson_does() {
    Taken.Judge judge = JUDGES.getFirst();
    Randomly.check(
        TIMES / 5,
        random -> {
          byte[] text = Hostile.text(random);
          if (judge.byScanner(text, 0).fault().isEmpty()) {
            // Not at the beginning, and something behind it.
            byte[] around = Texts.join(Texts.utf8("['\\"), text, Texts.utf8(",'\\"));
            assertSameParts(trimmed(new Json(around, 3, 3 + text.length)), judge);
          }
        });
  }

  private static Json trimmed(Json json) {
    int from = json.from();
    int to = json.to();
    while (json.array()[from] <= ' ') {
      from++;
    }
    while (json.array()[to - 1] <= ' ') {
      to--;
    }
    return new Json(json.array(), from, to);
  }

  private static void assertSameParts(Json json, Taken.Judge judge) {
    List<String> parts = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    switch (json.kind()) {
      case OBJECT ->
          CheckedJson.members(json)
              .forEach(
                  (name, value) -> {
                    parts.add(name);
                    parts.add(place(json, value));
                    values.add(value);
                  });
      case ARRAY -> {
        for (Json value : CheckedJson.elements(json)) {
          parts.add(place(json, value));
          values.add(value);
        }
      }
      case STRING -> assertThat(CheckedJson.string(json)).isEqualTo(Plain.tree(json.text()));
      case NUMBER, BOOLEAN, NULL -> assertThat(Plain.tree(json.text())).isNotNull();
    }
    if (json.kind() == Json.Kind.OBJECT || json.kind() == Json.Kind.ARRAY) {
      assertThat(parts).isEqualTo(judge.byJackson(json.toBytes(), 1).parts());
      values.forEach(value -> assertSameParts(value, judge));
    }
  }

  private static String place(Json whole, Json part) {
    return (part.from() - whole.from()) + "-" + (part.to() - whole.from());
  }
}
