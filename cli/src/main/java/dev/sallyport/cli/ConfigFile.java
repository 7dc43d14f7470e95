package dev.sallyport.cli;

import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** The configuration file that a command names. */
final class ConfigFile {
  static final String USUAL = "sallyport.yaml";
  static final Operand OPERAND =
      Operand.perhaps("FILE", "the configuration (default: " + USUAL + ")");

  private final String name;
  private final Path path;
  private volatile Seen seen;

  private ConfigFile(String name, Path path) {
    this.name = name;
    this.path = path;
    this.seen = Seen.of(List.of(path));
  }

  static ConfigFile of(Command command, Arguments arguments) throws CliFault {
    List<String> words = arguments.operands();
    return named(words.isEmpty() ? USUAL : words.getFirst(), command);
  }

  /**
   * @param command that takes the name
   */
  static ConfigFile named(String name, Command command) throws CliFault {
    try {
      return new ConfigFile(name, Path.of(name));
    } catch (InvalidPathException e) {
      throw command.misused(name + " cannot be the name of a file here");
    }
  }

  /** As it was named, which is how messages call it. */
  String name() {
    return name;
  }

  /** It as it was before it was last read. */
  Seen seen() {
    return seen;
  }

  /** Reads it, and says on stderr what is wrong, a line each, and then that something is. */
  Reading.Sound read(Sallyport.Surroundings surroundings) throws CliFault {
    Screen screen = surroundings.screen();
    return read(surroundings, (file, fault) -> screen.fault(fault.told(file.name())));
  }

  /**
   * @param each told every fault before this throws
   */
  Reading.Sound read(Sallyport.Surroundings surroundings, BiConsumer<ConfigFile, ConfigFault> each)
      throws CliFault {
    seen = seen.now();
    return switch (ConfigReader.read(path, surroundings.environment())) {
      case Reading.Sound sound -> sound;
      case Reading.Faulty(List<ConfigFault> faults) -> {
        faults.forEach(fault -> each.accept(this, fault));
        throw new CliFault(CliFault.CONFIG, summary(faults.size()));
      }
    };
  }

  List<String> summary(int faults) {
    if (!Files.exists(path)) {
      return List.of("there is no configuration to read", "name one:  sallyport config check FILE");
    }
    return List.of(name + " has " + (faults == 1 ? "a fault" : faults + " faults"));
  }
}
