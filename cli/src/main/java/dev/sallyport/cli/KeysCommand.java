package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** {@code sallyport keys}: access keys, each of which is one caller. */
final class KeysCommand implements Family {
  private final Sallyport.Surroundings surroundings;

  KeysCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "keys";
  }

  @Override
  public String summary() {
    return "Make, list and revoke access keys. Each key is one caller; running gateways notice"
        + " within a second.";
  }

  @Override
  public List<String> members() {
    return List.of("add", "list", "revoke");
  }

  @Override
  public Optional<Command> member(String name) {
    return switch (name) {
      case "add" -> Optional.of(new KeysAddCommand(surroundings));
      case "list" -> Optional.of(new KeysListCommand(surroundings));
      case "revoke" -> Optional.of(new KeysRevokeCommand(surroundings));
      default -> Optional.empty();
    };
  }

  @Override
  public CliFault noMember(String word) {
    return misused("keys has no " + word + "; it has " + String.join(", ", members()));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport keys add alice --expires 30d");
  }

  @Override
  public int run(Arguments arguments) {
    Help.print(this, surroundings.screen());
    return 0;
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
}
