package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.AccessKey;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.KeyStore;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Access keys: each is one caller. */
@Command(
    name = "keys",
    description =
        "Make, list and revoke access keys. Each key is one caller; running gateways notice within"
            + " a second.",
    footer = {"", "Example:", "  sallyport keys add alice --expires 30d"},
    mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  private final Sallyport.Surroundings surroundings;
  @Spec private CommandSpec spec = CommandSpec.create();

  KeysCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "add",
      description = "Make a key and show it, once.",
      footer = {"", "Example:", "  sallyport keys add alice --expires 30d"},
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME", description = "whom it is for") String name,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              defaultValue = "30d",
              description = "12h, 30d, or never (default: ${DEFAULT-VALUE})")
          String expires,
      @Option(names = "--json", description = "one line of JSON") boolean json)
      throws CliFault {
    Optional<Duration> validity = validity(expires);
    try (KeyStore store = open(surroundings)) {
      KeyStore.Issued issued = store.add(name, validity);
      if (json) {
        JsonObject line = describe(issued.key()).with("key", issued.secret().reveal());
        surroundings.screen().answer(line.toJson().text());
      } else {
        surroundings.screen().done("key", name + " · " + until(issued.key()) + " · shown once:");
        surroundings.screen().answer(issued.secret().reveal());
      }
      return 0;
    } catch (AccessException e) {
      throw new CliFault(CliFault.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  @Command(
      name = "list",
      description = "List the keys. The keys themselves are not kept and cannot be shown.",
      footer = {"", "Example:", "  sallyport keys list"},
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "one line of JSON a key") boolean json)
      throws CliFault {
    try (KeyStore store = open(surroundings)) {
      List<AccessKey> keys = store.list();
      if (json) {
        keys.forEach(key -> surroundings.screen().answer(describe(key).toJson().text()));
      } else if (keys.isEmpty()) {
        surroundings.screen().say("no keys yet; make one:  sallyport keys add NAME");
      } else {
        String row = "%-24s %-14s %-17s %s";
        surroundings.screen().answer(String.format(row, "NAME", "ID", "MADE", "VALID"));
        keys.forEach(
            key ->
                surroundings
                    .screen()
                    .answer(
                        String.format(
                            row, key.name(), key.id(), TIME.format(key.created()), until(key))));
      }
      return 0;
    } catch (AccessException e) {
      throw fault(e);
    }
  }

  @Command(
      name = "revoke",
      description = "Revoke a key by name or id.",
      footer = {"", "Example:", "  sallyport keys revoke alice"},
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "NAME|ID", description = "as keys list shows it") String nameOrId)
      throws CliFault {
    try (KeyStore store = open(surroundings)) {
      if (!store.revoke(nameOrId)) {
        throw new CliFault(
            CliFault.FAILURE, "there is no key named " + nameOrId, "see:  sallyport keys list");
      }
      surroundings
          .screen()
          .done("revoked", nameOrId + " · running gateways refuse it within a second");
      return 0;
    } catch (AccessException e) {
      throw fault(e);
    }
  }

  static KeyStore open(Sallyport.Surroundings surroundings) throws CliFault {
    try {
      DataDirectory directory =
          DataDirectory.open(
              surroundings.environment(), surroundings.userHome(), surroundings.user());
      return KeyStore.open(directory, Clock.systemUTC(), new SecureRandom());
    } catch (AccessException e) {
      throw fault(e);
    }
  }

  static CliFault fault(AccessException e) {
    return new CliFault(CliFault.PERMISSION, String.valueOf(e.getMessage()));
  }

  private static JsonObject describe(AccessKey key) {
    return JsonObject.of("name", Json.of(key.name()), "id", Json.of(key.id()))
        .with("created", key.created().toString())
        .with("expires", key.expires().map(end -> Json.of(end.toString())).orElse(Json.NULL));
  }

  private static String until(AccessKey key) {
    if (key.expiredAt(Clock.systemUTC().instant())) {
      return "expired";
    }
    return key.expires().map(end -> "until " + TIME.format(end)).orElse("until revoked");
  }

  /** {@code 90m}, {@code 12h}, {@code 30d}; empty for {@code never}. */
  static Optional<Duration> validity(String text) throws CliFault {
    if (text.equals("never")) {
      return Optional.empty();
    }
    Matcher matcher = Pattern.compile("([1-9][0-9]{0,4})([mhd])").matcher(text);
    if (!matcher.matches()) {
      throw new CliFault(
          CliFault.USAGE, "--expires " + text + " is not a time: use 90m, 12h, 30d or never");
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }
}
