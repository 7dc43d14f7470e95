package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.config.Nearest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a command line, word for word, and what is said of one that is wrong. */
final class ArgumentParserTest {
  private static final Flag NAME = Flag.taking("name", "NAME", "");
  private static final Flag KEY = Flag.taking("key", "KEY", "");
  private static final Flag ENV = Flag.taking("env", "NAME[=VALUE]", "").repeatable();
  private static final Flag CWD = Flag.taking("cwd", "DIR", "");
  private static final Flag TIMEOUT = Flag.taking("timeout", "SECONDS", "").withDefault("60");
  private static final Flag JSON = Flag.on("json", "");
  private static final Flag VERBOSE = Flag.on("verbose", "").withLetter("v");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "npx -y server; npx,-y,server",
        "-- npx -y server; npx,-y,server",
        "--json npx --json; npx,--json",
        "--json -- npx --listen :1; npx,--listen,:1",
        "foo -- bar; foo,--,bar",
        "-- foo -- bar; foo,--,bar",
        "-- -- foo; --,foo",
        "-- --json; --json",
        "-- -5; -5",
        "--name n -v -; -",
        "--env A=1 x; x",
        "--cwd=/ node --help -V; node,--help,-V",
        "-- node \"a b\" 'c'; node,\"a,b\",'c'",
      })
  void the_first_word_that_is_no_option_begins_the_command(String line, String command)
      throws CliFault {
    assertThat(parse("share", line).operands()).isEqualTo(List.of(command.split(",", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "--name n x, n",
        "--name=n x, n",
        "--name=a=b x, a=b",
        "--name -5 x, -5",
        "--name - x, -",
        "--name -7up x, -7up",
        "--name=--json x, --json",
        "--name \"n\" x, \"n\"",
        "--name=\"n\" x, \"n\"",
        "--name \" x, \"",
        "--name 'n' x, 'n'",
      })
  void a_value_is_what_was_written(String line, String value) throws CliFault {
    assertThat(parse("share", line).given(NAME)).contains(value);
  }

  @Test
  void an_empty_value_is_a_value() throws CliFault {
    assertThat(parse("share", List.of("--name=", "x")).given(NAME)).contains("");
    assertThat(parse("share", List.of("--name", "", "x")).given(NAME)).contains("");
    assertThat(parse("share", List.of("x")).given(NAME)).isEmpty();
    assertThat(parse("share", List.of("", "x")).operands()).containsExactly("", "x");
  }

  @Test
  void values_repeat_in_order_where_they_may() throws CliFault {
    Arguments arguments = parse("share", "--env A=1 --env=B -v --env A=2 x");
    assertThat(arguments.texts(ENV)).containsExactly("A=1", "B", "A=2");
    assertThat(arguments.has(VERBOSE)).isTrue();
    assertThat(arguments.has(JSON)).isFalse();
    assertThat(parse("share", "x").texts(ENV)).isEmpty();
  }

  @Test
  void what_is_not_given_has_its_default() throws CliFault {
    assertThat(parse("share", "x").number(TIMEOUT)).isEqualTo(60);
    assertThat(parse("share", "--timeout 5 x").number(TIMEOUT)).isEqualTo(5);
    assertThat(parse("share", "x").path(CWD)).isEmpty();
    assertThat(parse("share", "--cwd a/b x").path(CWD)).contains(Path.of("a/b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--json --key k URL tool a=1; URL,tool,a=1",
        "URL --json tool --key k a=1; URL,tool,a=1",
        "URL tool a=1 --json --key=k; URL,tool,a=1",
        "URL --json --key k -- tool --x; URL,tool,--x",
        "--json --key k -- URL tool -5; URL,tool,-5",
        "URL --json tool a=-1 b=--c --key k --; URL,tool,a=-1,b=--c",
      })
  void options_stand_before_between_and_after_words(String line, String words) throws CliFault {
    Arguments arguments = parse("try", line);
    assertThat(arguments.operands()).isEqualTo(List.of(words.split(",", -1)));
    assertThat(arguments.has(JSON)).isTrue();
    assertThat(arguments.given(KEY)).isEqualTo(Optional.of("k"));
  }

  /** Each beside a twin that is right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "share ^ '' ^ x ^ share needs a COMMAND: sallyport share (-- COMMAND [ARGUMENT]... | URL)",
        "share ^ -- ^ -- x ^ share needs a COMMAND: sallyport share (-- COMMAND [ARGUMENT]... |"
            + " URL)",
        "share ^ --foo -- x ^ --json -- x ^ share has no option --foo",
        "share ^ --foo=secret x ^ --name=secret x ^ share has no option --foo",
        "share ^ --lisen :1 x ^ --listen :1 x ^ share has no option --lisen; did you mean"
            + " --listen?",
        "share ^ -listen :1 x ^ --listen :1 x ^ share has no option -listen; did you mean"
            + " --listen?",
        "share ^ -listen=:1 x ^ --listen=:1 x ^ share has no option -listen; did you mean"
            + " --listen?",
        "share ^ --list :1 x ^ --listen :1 x ^ share has no option --list; did you mean --listen?",
        "share ^ -y npx ^ npx -y ^ share has no option -y",
        "share ^ -vy npx ^ -v npx -y ^ share has no option -vy",
        "share ^ -5 x ^ x -5 ^ share has no option -5",
        "share ^ --listen ^ --listen :1 x ^ --listen needs HOST:PORT",
        "share ^ --listen --json x ^ --listen :1 --json x ^ --listen needs HOST:PORT",
        "share ^ --user -- cat ^ --user a -- cat ^ --user needs NAME",
        "share ^ --json=1 x ^ --json x ^ --json takes no value",
        "share ^ -v=1 x ^ -v x ^ -v takes no value",
        "share ^ --cwd a --cwd=b x ^ --env A --env=B x ^ --cwd is given more than once",
        "share ^ -v --verbose x ^ --verbose x ^ --verbose is given more than once",
        "try ^ '' ^ URL ^ try needs a URL: sallyport try URL [TOOL [NAME=VALUE]...]",
        "try ^ URL --kye k ^ URL --key k ^ try has no option --kye; did you mean --key?",
        "try ^ URL tool -5 ^ URL tool -- -5 ^ try has no option -5",
        "keys add ^ '' ^ alice ^ keys add needs a NAME: sallyport keys add NAME",
        "keys add ^ a b ^ a ^ keys add takes only NAME: b is left over",
        "keys add ^ a --expire 1d ^ a --expires 1d ^ keys add has no option --expire; did you mean"
            + " --expires?",
        "keys revoke ^ '' ^ alice ^ keys revoke needs a NAME|ID: sallyport keys revoke NAME|ID",
        "client-config ^ '' ^ cursor ^ client-config needs a CLIENT: sallyport client-config"
            + " CLIENT",
        "version ^ extra ^ --help ^ version takes no argument: extra",
        "demo ^ --check extra ^ --check ^ demo takes no argument: extra",
      })
  void what_is_wrong_is_said_first(String command, String wrong, String right, String what)
      throws CliFault {
    assertThatThrownBy(() -> parse(command, wrong))
        .isInstanceOfSatisfying(
            CliFault.class,
            fault -> {
              assertThat(fault.exitCode()).isEqualTo(CliFault.USAGE);
              assertThat(fault.lines())
                  .containsExactly(what, "see:  sallyport " + command + " --help");
            });
    assertThat(parse(command, right)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "x, --timeout x is not a whole number",
    "1.5, --timeout 1.5 is not a whole number",
    "99999999999, --timeout 99999999999 is more than 2147483647"
  })
  void what_is_no_number_is_refused_as_one(String text, String what) throws CliFault {
    Arguments arguments = parse("share", List.of("--timeout", text, "x"));
    assertThatThrownBy(() -> arguments.number(TIMEOUT))
        .isInstanceOfSatisfying(
            CliFault.class,
            fault ->
                assertThat(fault.lines()).containsExactly(what, "see:  sallyport share --help"));
    assertThat(parse("share", "--timeout 1 x").number(TIMEOUT)).isEqualTo(1);
  }

  @Test
  void help_is_given_whatever_is_missing_and_the_commands_own_is_its_own() throws CliFault {
    assertThat(parse("share", "--help").has(Flag.HELP)).isTrue();
    assertThat(parse("keys add", "-h").has(Flag.HELP)).isTrue();
    assertThat(parse("try", "-V").has(Flag.VERSION)).isTrue();
    assertThat(parse("share", "x --help").has(Flag.HELP)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "shrae, share",
    "shar, share",
    "share, share",
    "keyss, keys",
    "kyes, keys",
    "client, client-config",
    "demonstration, demo",
    "stat, status",
  })
  void what_was_meant_is_near(String word, String meant) {
    assertThat(Nearest.to(word, sallyport().members())).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "zzz, 1", "x, 1", "se, 1", "help, 1"})
  void what_is_far_was_not_meant(String word) {
    assertThat(Nearest.to(word, sallyport().members())).isEmpty();
  }

  private static Arguments parse(String command, String line) throws CliFault {
    return parse(command, line.isEmpty() ? List.of() : List.of(line.strip().split(" ", -1)));
  }

  private static Arguments parse(String path, List<String> words) throws CliFault {
    Command command = sallyport();
    for (String name : path.split(" ", -1)) {
      command = ((Family) command).member(name).orElseThrow();
    }
    return ArgumentParser.parse(command, words);
  }

  private static Sallyport sallyport() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Sallyport(
        new Sallyport.Surroundings(Map.of(), "/home/a", "a", new Screen(nowhere, nowhere, false)));
  }
}
