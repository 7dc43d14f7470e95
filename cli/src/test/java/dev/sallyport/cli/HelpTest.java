package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpTest {
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  static List<String> commands() {
    List<String> paths = new ArrayList<>();
    collect(new HelpTest().sallyport(false), paths);
    return paths;
  }

  private static void collect(Command command, List<String> paths) {
    paths.add(command.path());
    if (command instanceof Family family) {
      family.members().forEach(name -> collect(family.member(name).orElseThrow(), paths));
    }
  }

  @Test
  void there_are_as_many_commands_as_ever() {
    assertThat(commands())
        .containsExactly(
            "",
            "share",
            "serve",
            "demo",
            "config",
            "config check",
            "config print",
            "config schema",
            "import",
            "keys",
            "keys add",
            "keys list",
            "keys revoke",
            "revoke",
            "try",
            "doctor",
            "status",
            "client-config",
            "version");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_says_what_it_does_how_it_is_typed_and_every_option(String path) {
    Command command = command(path);
    List<String> lines = help(path);
    assertThat(command.summary()).startsWith(lines.getFirst());
    assertThat(lines).anyMatch(line -> line.startsWith("Usage: " + command.typed()));
    assertThat(lines).anyMatch(line -> line.startsWith("Example"));
    assertThat(command.examples()).isNotEmpty();
    for (String example : command.examples()) {
      assertThat(lines).contains("  " + example);
    }
    assertThat(lines).anyMatch(line -> line.startsWith("  -h, --help"));
    assertThat(lines).anyMatch(line -> line.startsWith("  -V, --version"));
    for (FlagGroup group : command.flags()) {
      assertThat(lines).contains(group.heading() + ":");
      for (Flag flag : group.flags()) {
        String shown = flag.written() + (flag.takesValue() ? "=" + flag.value() : "");
        assertThat(lines).anyMatch(line -> line.strip().startsWith(shown) || isBoth(line, shown));
        assertThat(String.join(" ", lines)).contains(flag.fallback());
      }
    }
  }

  private static boolean isBoth(String line, String shown) {
    return line.matches(" {2}-[a-zA-Z], .*") && line.substring(6).startsWith(shown);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void only_an_example_is_wider_than_the_screen(String path) {
    List<String> examples = command(path).examples();
    assertThat(help(path))
        .filteredOn(line -> !examples.contains(line.strip()))
        .allMatch(line -> line.length() <= 80, "fits a screen");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void colour_changes_nothing_but_the_colour(String path) {
    List<String> plain = help(path);
    answers.reset();
    assertThat(run(true, path)).isZero();
    String coloured = answers.toString(StandardCharsets.UTF_8);
    assertThat(coloured).contains("\u001b[1mUsage:\u001b[0m", "--help");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", "").lines().toList()).isEqualTo(plain);
    assertThat(plain).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void a_command_that_only_has_others_lists_them_when_alone() {
    assertThat(Sallyport.run(surroundings(false))).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8))
        .contains("share", "serve", "client-config", "version");
    answers.reset();
    assertThat(Sallyport.run(surroundings(false), "keys")).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8)).contains("add", "list", "revoke");
  }

  @Test
  void version_is_the_same_as_a_command_and_as_an_option() {
    assertThat(Sallyport.run(surroundings(false), "version")).isZero();
    String version = answers.toString(StandardCharsets.UTF_8);
    assertThat(version).startsWith("sallyport ").contains("Java ", "MCP ");
    for (String path : commands()) {
      answers.reset();
      String[] words = (path + " -V").strip().split(" ", -1);
      assertThat(Sallyport.run(surroundings(false), words)).isZero();
      assertThat(answers.toString(StandardCharsets.UTF_8)).isEqualTo(version);
    }
  }

  @Test
  void a_command_that_there_is_not_is_told_with_what_was_meant() {
    assertThat(Sallyport.run(surroundings(false), "shrae")).isEqualTo(CliFault.USAGE);
    assertThat(said())
        .containsExactly(
            "✗ there is no command shrae; did you mean share?", "  see:  sallyport --help");
    remarks.reset();
    assertThat(Sallyport.run(surroundings(false), "keys", "lst")).isEqualTo(CliFault.USAGE);
    assertThat(said())
        .containsExactly(
            "✗ keys has no lst; it has add, list, revoke", "  see:  sallyport keys --help");
    remarks.reset();
    assertThat(Sallyport.run(surroundings(false), "--verson")).isEqualTo(CliFault.USAGE);
    assertThat(said())
        .containsExactly(
            "✗ sallyport has no option --verson; did you mean --version?",
            "  see:  sallyport --help");
  }

  @Test
  void what_somebody_wrote_does_not_drive_the_terminal() {
    assertThat(Sallyport.run(surroundings(false), "a\u001b[31m")).isEqualTo(CliFault.USAGE);
    assertThat(said().getFirst()).isEqualTo("✗ there is no command a?[31m");
  }

  private List<String> help(String path) {
    assertThat(run(false, path)).isZero();
    return answers.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private int run(boolean colour, String path) {
    return Sallyport.run(surroundings(colour), (path + " --help").strip().split(" ", -1));
  }

  private List<String> said() {
    assertThat(answers.toString(StandardCharsets.UTF_8)).isEmpty();
    return remarks.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private Command command(String path) {
    Command command = sallyport(false);
    for (String name : path.isEmpty() ? new String[0] : path.split(" ", -1)) {
      command = ((Family) command).member(name).orElseThrow();
    }
    return command;
  }

  private Sallyport sallyport(boolean colour) {
    return new Sallyport(surroundings(colour));
  }

  private Sallyport.Surroundings surroundings(boolean colour) {
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            colour);
    return new Sallyport.Surroundings(Map.of(), "/home/a", "a", screen);
  }
}
