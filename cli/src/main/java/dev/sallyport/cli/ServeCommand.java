package dev.sallyport.cli;

import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.protocol.Log;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sallyport serve}: everything that a file describes, run as one service. */
final class ServeCommand implements Command {
  private static final Log LOG = Log.of(ServeCommand.class);
  private static final Flag CONFIG =
      Flag.taking("config", "FILE", "the configuration").withDefault(ConfigFile.USUAL);
  private static final Flag JSON =
      Flag.on(
          "json", "print one line of JSON on stdout when ready; everything else goes to stderr");
  private static final Flag VERBOSE =
      Flag.on(
              "verbose",
              "print also what the servers write to their error output, and their processes' starts"
                  + " and ends; it may hold what callers sent")
          .withLetter("v");
  private static final Flag LOG_FORMAT =
      Flag.taking(
          "log-format",
          "FORMAT",
          "what stderr gets: text, json, or auto, which is text on a terminal and JSON lines"
              + " elsewhere; without a word, log.format of the file");
  private static final Map<String, LogConfig.Format> FORMATS =
      Map.of(
          "auto", LogConfig.Format.AUTO,
          "text", LogConfig.Format.TEXT,
          "json", LogConfig.Format.JSON);

  private final Sallyport.Surroundings surroundings;

  ServeCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Share all the MCP servers that a file describes, on one or several endpoints.";
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of("What to serve", CONFIG), FlagGroup.of("Output", JSON, VERBOSE, LOG_FORMAT));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport serve --config sallyport.yaml");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "A server that does not come up is tried again; the others are served meanwhile.",
        "A change of the file, or SIGHUP, is put into effect while it serves; what is wrong in it"
            + " is said, and what is served goes on as it was.",
        "Callers need a key: sallyport keys add NAME.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Serve.Output output =
        new Serve.Output(arguments.has(JSON), arguments.has(VERBOSE), format(arguments));
    ConfigFile file = ConfigFile.named(arguments.text(CONFIG), this);
    LogSettings first =
        LogSettings.first(output.logs(), LogConfig.service(surroundings.environment()));
    Logging.use(first);
    if (first.json()) {
      Logging.begin(); // What is wrong with the file is said in it.
    }
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, why) -> LOG.log(System.Logger.Level.ERROR, thread.getName() + " broke off", why));
    Sallyport.Surroundings serving = surroundings.ofService();
    try {
      return serve(serving, file, output);
    } catch (CliFault fault) {
      serving.screen().fail(fault);
      return fault.exitCode();
    } catch (RuntimeException unexpected) {
      if (!Logging.isJson()) {
        throw unexpected; // and is told of as everywhere
      }
      LOG.log(System.Logger.Level.ERROR, "something went wrong inside Sallyport", unexpected);
      return CliFault.FAILURE;
    }
  }

  private static int serve(
      Sallyport.Surroundings surroundings, ConfigFile file, Serve.Output output) throws CliFault {
    FileWatch watch = FileWatch.heeding();
    Reading.Sound sound = file.read(surroundings);
    sound.remarks().forEach(remark -> surroundings.screen().warn(remark.told(file.name())));
    return new Serve(surroundings, file, watch, sound.config(), output).run();
  }

  private Optional<LogConfig.Format> format(Arguments arguments) throws CliFault {
    Optional<String> given = arguments.given(LOG_FORMAT);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Optional<LogConfig.Format> format = Optional.ofNullable(FORMATS.get(given.get()));
    if (format.isEmpty()) {
      throw misused("--log-format is text, json or auto, and not " + given.get());
    }
    return format;
  }
}
