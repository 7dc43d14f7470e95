package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.AccessKey;
import dev.sallyport.access.KeyStore;
import java.util.List;

/** {@code sallyport keys list}. */
final class KeysListCommand implements Command {
  private static final String ROW = "%-24s %-14s %-17s %s";
  private static final Flag JSON = Flag.on("json", "one line of JSON a key");

  private final Sallyport.Surroundings surroundings;

  KeysListCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "keys list";
  }

  @Override
  public String summary() {
    return "List the keys. The keys themselves are not kept and cannot be shown.";
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport keys list");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Screen screen = surroundings.screen();
    try (KeyStore store = KeysCommand.open(surroundings)) {
      List<AccessKey> keys = store.list();
      if (arguments.has(JSON)) {
        keys.forEach(key -> screen.answer(KeyText.json(key).toJson().text()));
      } else if (keys.isEmpty()) {
        screen.say("no keys yet; make one:  sallyport keys add NAME");
      } else {
        screen.answer(String.format(ROW, "NAME", "ID", "MADE", "VALID"));
        keys.forEach(key -> screen.answer(row(key)));
      }
      return 0;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }

  private static String row(AccessKey key) {
    return String.format(
        ROW, key.name(), key.id(), KeyText.time(key.created()), KeyText.until(key));
  }
}
