package dev.sallyport.cli;

import java.util.List;
import java.util.Optional;

/** {@code sallyport config}: the configuration file, without starting anything. */
final class ConfigCommand implements Family {
  private final Sallyport.Surroundings surroundings;

  ConfigCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "config";
  }

  @Override
  public String summary() {
    return "Check a configuration file, print what it comes to, or print its schema.";
  }

  @Override
  public List<String> members() {
    return List.of("check", "print", "schema");
  }

  @Override
  public Optional<Command> member(String name) {
    return switch (name) {
      case "check" -> Optional.of(new ConfigCheckCommand(surroundings));
      case "print" -> Optional.of(new ConfigPrintCommand(surroundings));
      case "schema" -> Optional.of(new ConfigSchemaCommand(surroundings));
      default -> Optional.empty();
    };
  }

  @Override
  public CliFault noMember(String word) {
    return misused("config has no " + word + "; it has " + String.join(", ", members()));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport config check");
  }

  @Override
  public int run(Arguments arguments) {
    Help.print(this, surroundings.screen());
    return 0;
  }
}
