package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration of the corpus, and every word that is said about it. */
final class ConfigCorpusTest {
  private static final String FILE = "sallyport.yaml";

  @TempDir Path folder;

  @BeforeEach
  void lay() throws IOException {
    Ground.lay(folder);
  }

  static List<Corpus> wrong() throws IOException {
    return Corpus.load("wrong.txt");
  }

  static List<Corpus> right() throws IOException {
    return Corpus.load("right.txt");
  }

  @Test
  void the_corpus_is_all_there() throws IOException {
    assertThat(wrong()).hasSizeGreaterThan(80).allMatch(each -> !each.messages().isEmpty());
    assertThat(right()).hasSizeGreaterThan(14);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_wrong_is_told_whole_with_its_place(Corpus each) {
    assertThat(read(each)).isInstanceOf(Reading.Faulty.class);
    assertThat(told(read(each))).isEqualTo(each.messages());
  }

  @ParameterizedTest
  @MethodSource("right")
  void what_is_right_is_read_with_no_more_than_its_remarks(Corpus each) {
    assertThat(told(read(each))).isEqualTo(each.messages());
    assertThat(read(each)).isInstanceOf(Reading.Sound.class);
  }

  @ParameterizedTest
  @MethodSource({"right", "wrong"})
  void no_secret_comes_out_of_anything_that_is_printed(Corpus each) {
    String printed =
        switch (read(each)) {
          case Reading.Sound sound -> sound.effective() + sound.config() + sound.remarks();
          case Reading.Faulty faulty -> faulty.faults().toString();
        };
    assertThat(printed).doesNotContain(Ground.SECRET, "pa55word");
  }

  @ParameterizedTest
  @MethodSource("right")
  void the_effective_configuration_means_itself(Corpus each) {
    String effective = sound(read(each)).effective();
    if (!effective.contains(Group.MASK)) {
      Reading again = ConfigReader.read(effective, folder, Ground.environment());
      assertThat(sound(again).effective()).isEqualTo(effective);
      assertThat(sound(again).config().routes()).isEqualTo(sound(read(each)).config().routes());
    }
  }

  private Reading read(Corpus each) {
    return ConfigReader.read(each.text(), folder, Ground.environment(each.environment()));
  }

  private static Reading.Sound sound(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Sound.class);
    return (Reading.Sound) reading;
  }

  private static List<String> told(Reading reading) {
    return switch (reading) {
      case Reading.Sound sound ->
          sound.remarks().stream().map(remark -> remark.told(FILE)).toList();
      case Reading.Faulty faulty ->
          faulty.faults().stream().map(fault -> fault.told(FILE)).toList();
    };
  }
}
