package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyStore;
import java.util.List;

/** {@code sallyport keys revoke}. */
final class KeysRevokeCommand implements Command {
  private final Sallyport.Surroundings surroundings;

  KeysRevokeCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "keys revoke";
  }

  @Override
  public String summary() {
    return "Revoke a key by name or id.";
  }

  @Override
  public String usage() {
    return "NAME|ID";
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("NAME|ID", "as keys list shows it"));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport keys revoke alice");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    String nameOrId = arguments.operands().getFirst();
    try (KeyStore store = KeysCommand.open(surroundings)) {
      if (!store.revoke(nameOrId)) {
        throw new CliFault(
            CliFault.FAILURE, "there is no key named " + nameOrId, "see:  sallyport keys list");
      }
      surroundings
          .screen()
          .done("revoked", nameOrId + " · running gateways refuse it within a second");
      return 0;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }
}
