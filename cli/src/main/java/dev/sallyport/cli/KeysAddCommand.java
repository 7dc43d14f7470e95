package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyStore;
import dev.sallyport.protocol.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code sallyport keys add}. The key is the answer; what it is good for is a remark. */
final class KeysAddCommand implements Command {
  private static final Flag EXPIRES =
      Flag.taking("expires", "TIME", "12h, 30d, or never").withDefault("30d");
  private static final Flag JSON = Flag.on("json", "one line of JSON");

  private final Sallyport.Surroundings surroundings;

  KeysAddCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "keys add";
  }

  @Override
  public String summary() {
    return "Make a key and show it, once.";
  }

  @Override
  public String usage() {
    return "NAME";
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("NAME", "whom it is for"));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("The key", EXPIRES), FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport keys add alice --expires 30d");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    String name = arguments.operands().getFirst();
    Screen screen = surroundings.screen();
    Optional<Duration> validity = validity(arguments.text(EXPIRES));
    try (KeyStore store = KeysCommand.open(surroundings)) {
      KeyStore.Issued issued = store.add(name, validity);
      if (arguments.has(JSON)) {
        JsonObject line = KeyText.json(issued.key()).with("key", issued.secret().reveal());
        screen.answer(line.toJson().text());
      } else {
        screen.done("key", name + " · " + KeyText.until(issued.key()) + " · shown once:");
        screen.answer(issued.secret().reveal());
      }
      return 0;
    } catch (AccessException e) {
      throw new CliFault(CliFault.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  /** {@code 90m}, {@code 12h}, {@code 30d}; empty for {@code never}. */
  static Optional<Duration> validity(String text) throws CliFault {
    if (text.equals("never")) {
      return Optional.empty();
    }
    return Optional.of(
        TimeText.read(text, "mhd")
            .orElseThrow(
                () ->
                    new CliFault(
                        CliFault.USAGE,
                        "--expires " + text + " is not a time: use 90m, 12h, 30d or never")));
  }
}
