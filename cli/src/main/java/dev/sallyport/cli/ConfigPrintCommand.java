package dev.sallyport.cli;

import dev.sallyport.gateway.config.Reading;
import java.util.List;

/** {@code sallyport config print}: a configuration as it counts. */
final class ConfigPrintCommand implements Command {
  private final Sallyport.Surroundings surroundings;

  ConfigPrintCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "config print";
  }

  @Override
  public String summary() {
    return "Print a configuration as it counts: with every default, and what the environment"
        + " changes.";
  }

  @Override
  public String usage() {
    return "[FILE]";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ConfigFile.OPERAND);
  }

  @Override
  public List<String> examples() {
    return List.of("SALLYPORT_LISTEN=:8443 sallyport config print team.yaml");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "What came out of a variable or a file in a value, every header and every variable of a"
            + " server is shown as ***; so is who logs in and what stands behind ? or # in a URL,"
            + " and among a command's arguments what follows the name of a secret, such as"
            + " --api-key X or --token=X. An argument that is a secret by itself is not known for"
            + " one.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Screen screen = surroundings.screen();
    ConfigFile file = ConfigFile.of(this, arguments);
    Reading.Sound sound = file.read(surroundings);
    sound.remarks().forEach(remark -> screen.warn(remark.told(file.name())));
    screen.answerOf(sound.effective());
    return 0;
  }
}
