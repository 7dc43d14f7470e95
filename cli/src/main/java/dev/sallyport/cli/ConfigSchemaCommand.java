package dev.sallyport.cli;

import dev.sallyport.gateway.config.ConfigSchema;
import java.util.List;

/** {@code sallyport config schema}: what editors need to help with a configuration. */
final class ConfigSchemaCommand implements Command {
  private final Sallyport.Surroundings surroundings;

  ConfigSchemaCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "config schema";
  }

  @Override
  public String summary() {
    return "Print the JSON Schema of configurations, which editors read.";
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport config schema > sallyport.schema.json");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "Editors find it by the first line of a configuration:",
        "# yaml-language-server: $schema=./sallyport.schema.json");
  }

  @Override
  public int run(Arguments arguments) {
    surroundings.screen().answerOf(ConfigSchema.text());
    return 0;
  }
}
