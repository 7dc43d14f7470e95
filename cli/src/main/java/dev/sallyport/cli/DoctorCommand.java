package dev.sallyport.cli;

import dev.sallyport.access.Secret;
import dev.sallyport.cli.doctor.Examination;
import dev.sallyport.cli.doctor.Step;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.AddressRule;
import dev.sallyport.transport.outbound.GuardOptions;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code sallyport doctor}: why nobody can sign in to a server. */
final class DoctorCommand implements Command {
  private static final String VARIABLE = "SALLYPORT_TOKEN";
  private static final int LONGEST_TOKEN = 64 * 1024;

  private static final Flag TOKEN_FILE =
      Flag.taking("token-file", "FILE", "a token or access key to show it (or " + VARIABLE + ")");
  private static final Flag ALLOW =
      Flag.taking(
              "allow",
              "URL",
              "also ask this server when it is pointed to, although it is not public or not https")
          .repeatable();
  private static final Flag JSON = Flag.on("json", "print all of it as one line of JSON");

  private final Sallyport.Surroundings surroundings;

  DoctorCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "Find out why clients cannot sign in to an MCP server, any one.";
  }

  @Override
  public String usage() {
    return "URL";
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("URL", "the endpoint, http(s)://…/mcp"));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("The way in", TOKEN_FILE, ALLOW), FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport doctor https://mcp.example/mcp");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "It goes the way of a client: the 401, what the server publishes, what its authorization"
            + " server publishes, the keys, the clocks, the token, and tools/list. Of each part it"
            + " says what is wrong, against which clause, and what usually is the cause.",
        "Of a token it tells the names of the claims, and iss, aud, exp and scope. It is shown to"
            + " the server and to nobody else.",
        "What a server points to is asked when it is public and https; on this machine too when the"
            + " server is.",
        "Exit codes: 0 all is well, 1 something is not, 69 the server cannot be reached, 77 it does"
            + " not take the token.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    URI endpoint = EndpointUrl.parse(arguments.operands().getFirst());
    HttpUrl url =
        HttpUrl.of(endpoint.toString())
            .orElseThrow(() -> misused(endpoint + " is not an endpoint: use http(s)://HOST/mcp"));
    Optional<Secret> token = token(arguments);
    if (token.isPresent() && !url.secure() && !url.isLoopback()) {
      throw misused("the token would travel in clear: use https, or http to this machine only");
    }
    Examination.Patient patient =
        new Examination.Patient(endpoint, url, token, VersionCommand.number());
    List<Step> steps = new ArrayList<>();
    boolean json = arguments.has(JSON);
    try (HttpEngine engine = HttpEngine.begin();
        GuardedFetch fetch = GuardedFetch.open(engine, guard(url, allowed(arguments)))) {
      Examination.Ending ending =
          new Examination(
                  patient,
                  fetch,
                  Clock.systemUTC(),
                  step -> {
                    steps.add(step);
                    if (!json) {
                      print(step);
                    }
                  })
              .run();
      if (json) {
        surroundings.screen().answer(json(endpoint, steps).toJson().text());
      }
      return code(ending);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "interrupted");
    }
  }

  private static int code(Examination.Ending ending) {
    return switch (ending) {
      case WELL -> 0;
      case FAULTY -> CliFault.FAILURE;
      case NOBODY_THERE -> CliFault.UNAVAILABLE;
      case TURNED_AWAY -> CliFault.PERMISSION;
    };
  }

  /** OC-20: who runs this has named the server; everybody else was named by it. */
  private static GuardOptions guard(HttpUrl url, Set<HttpUrl> allowed) {
    Set<HttpUrl> named = new LinkedHashSet<>(allowed);
    named.add(url);
    AddressRule rule = AddressRule.PUBLIC.withOriginsOf(named);
    return GuardOptions.DEFAULT.withAddresses(url.isLoopback() ? rule.withLoopback() : rule);
  }

  private Set<HttpUrl> allowed(Arguments arguments) throws CliFault {
    Set<HttpUrl> allowed = new LinkedHashSet<>();
    for (String text : arguments.texts(ALLOW)) {
      allowed.add(
          HttpUrl.of(text)
              .orElseThrow(
                  () -> misused("--allow " + text + " is not a URL: http(s)://HOST:PORT")));
    }
    return allowed;
  }

  private Optional<Secret> token(Arguments arguments) throws CliFault {
    Optional<Path> file = arguments.path(TOKEN_FILE);
    Optional<String> text =
        file.isPresent()
            ? Optional.of(read(file.get()))
            : Optional.ofNullable(surroundings.environment().get(VARIABLE));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String token = text.get().strip();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw misused(
          (file.isPresent() ? file.get().toString() : VARIABLE)
              + " holds no token: one word, without \"Bearer\" in front");
    }
    return Optional.of(new Secret(token));
  }

  private String read(Path file) throws CliFault {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_TOKEN + 1);
      if (bytes.length > LONGEST_TOKEN) {
        throw misused(file + " is too long to be a token");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw misused("cannot read " + file);
    }
  }

  private void print(Step step) {
    Screen screen = surroundings.screen();
    switch (step.state()) {
      case GOOD -> screen.found("✓", "32", step.part().text(), step.found());
      case BAD -> screen.found("✗", "31", step.part().text(), step.found());
      case LEFT_OUT -> screen.found("–", "2", step.part().text(), step.found());
    }
    for (Step.Flaw flaw : step.flaws()) {
      screen.answerOf("    wrong   " + flaw.what());
      if (!flaw.clause().isEmpty()) {
        screen.answerOf("    clause  " + flaw.clause());
      }
      if (!flaw.cause().isEmpty()) {
        screen.answerOf("    likely  " + flaw.cause());
      }
    }
  }

  private static JsonObject json(URI endpoint, List<Step> steps) {
    boolean well = steps.stream().noneMatch(step -> step.state() == Step.State.BAD);
    return JsonObject.of("url", Json.of(endpoint.toString()), "ok", Json.of(well))
        .with("steps", Json.arrayOf(steps.stream().map(DoctorCommand::json).toList()));
  }

  private static Json json(Step step) {
    return JsonObject.of("step", Json.of(step.part().text()))
        .with("state", step.state().text())
        .with("found", step.found())
        .with("faults", Json.arrayOf(step.flaws().stream().map(DoctorCommand::json).toList()))
        .toJson();
  }

  private static Json json(Step.Flaw flaw) {
    return JsonObject.of("what", Json.of(flaw.what()))
        .with("clause", flaw.clause())
        .with("cause", flaw.cause())
        .toJson();
  }
}
