package dev.sallyport.cli;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.UpstreamOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code sallyport share}: one server, until it is told to stop. */
final class ShareCommand implements Command {
  private static final Flag KEYS =
      Flag.on("keys", "no key is made for you; those of `sallyport keys list` open it");
  private static final Flag NO_AUTH = Flag.on("no-auth", "check nobody; loopback only");
  private static final Flag STDIO =
      Flag.on("stdio", "serve one client on standard input and output; nothing listens, no key");
  private static final Flag NAME =
      Flag.taking("name", "NAME", "what clients may call it (default: from the command)");
  private static final Flag ERA =
      Flag.taking("era", "ERA", "what the command speaks: auto, legacy or modern")
          .withDefault("auto");
  private static final Flag ENV =
      Flag.taking(
              "env",
              "NAME[=VALUE]",
              "give the command this variable, with a value or as it is here")
          .repeatable();
  private static final Flag CWD = Flag.taking("cwd", "DIR", "the command's working directory");
  private static final Flag TIMEOUT =
      Flag.taking("timeout", "SECONDS", "how long a call may be silent").withDefault("60");

  private final Sallyport.Surroundings surroundings;

  ShareCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "share";
  }

  @Override
  public String summary() {
    return "Share one MCP server, a command or a URL, over Streamable HTTP, with every caller"
        + " checked.";
  }

  @Override
  public String usage() {
    return "(-- COMMAND [ARGUMENT]... | URL)";
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.several(
            "COMMAND", "the server's command and its arguments, no shell is involved; or its URL"));
  }

  @Override
  public boolean endsAtOperand() {
    return true;
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        ServeFlags.listening(),
        new FlagGroup("Who may call", ofCallers()),
        FlagGroup.of("The server", NAME, ERA, ENV, CWD, TIMEOUT),
        RemoteFlags.group(),
        IsolationFlags.group(),
        SandboxFlags.group(),
        ServeFlags.output(),
        SavedFile.group());
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport share -- npx -y @modelcontextprotocol/server-filesystem ./notes",
        "sallyport share --header 'Authorization: Bearer ${TOKEN}' https://notes.example/mcp",
        "sallyport share --listen :8443 --tls-cert c.pem --tls-key k.pem --keys \\",
        "    -- ./my-server --flag",
        "sallyport share --issuer https://login.example.com -- ./my-server",
        "sallyport share --stdio -- npx -y @modelcontextprotocol/server-filesystem ./notes",
        "sallyport share --save sallyport.yaml -- npx -y @modelcontextprotocol/server-memory");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "The first word that is no option begins the command, with -- before it or without; all"
            + " after it is the command's.",
        "The command gets a scrubbed environment: PATH, HOME, language and time zone, and what"
            + " --env names.",
        "It runs in a sandbox: it sees the system, its own files and the paths on its command line,"
            + " and a home of its own.",
        "With --stdio a client starts this in place of a server: of the command, which is in the"
            + " same sandbox, or of the URL. It ends with the client.",
        "With --save nothing is started: what these flags come to is written for sallyport serve,"
            + " without a key and for your eyes only. ${VARIABLE} in a header and a variable"
            + " without a value are written as they are, and taken from where it is served.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Optional<SavedFile> file = SavedFile.named(arguments, this);
    if (file.isPresent()) {
      refuseUnsaid(arguments);
      return save(arguments, file.get());
    }
    if (arguments.has(STDIO)) {
      refuseListening(arguments);
      return new ShareStdio(surroundings, settings(arguments)).run();
    }
    return new Share(surroundings, settings(arguments)).run();
  }

  /** A variable has to be set where it is served, and need not be here. */
  private int save(Arguments arguments, SavedFile file) throws CliFault {
    Map<String, String> there = new LinkedHashMap<>(surroundings.environment());
    Set<String> missing = RemoteFlags.variables(arguments);
    arguments.texts(ENV).stream().filter(ShareCommand::isVariable).forEach(missing::add);
    missing.removeAll(there.keySet());
    missing.forEach(name -> there.put(name, ""));
    Screen screen = surroundings.screen();
    Sallyport.Surroundings elsewhere =
        new Sallyport.Surroundings(there, surroundings.userHome(), surroundings.user(), screen);
    Share.Settings settings = new ShareCommand(elsewhere).settings(arguments);
    int code = ShareConfig.of(settings, arguments, elsewhere).save(file);
    missing.forEach(
        name -> screen.warn(name + " is not set here; it has to be where this is served"));
    return code;
  }

  /** What says how to listen, or who may call, would be ignored without a word. */
  private void refuseListening(Arguments arguments) throws CliFault {
    for (Flag flag :
        Stream.concat(
                ServeFlags.ofListener().stream(),
                ofCallers().stream().filter(flag -> !flag.equals(STDIO)))
            .toList()) {
      if (arguments.has(flag)) {
        throw misused(
            flag.written()
                + " and --stdio contradict each other: with --stdio nothing listens, and the caller"
                + " is whoever started this");
      }
    }
  }

  /** What a file has no key for would be lost without a word. */
  private void refuseUnsaid(Arguments arguments) throws CliFault {
    if (arguments.has(STDIO)) {
      throw misused("--stdio and --save contradict each other: a file is for what listens");
    }
    for (Flag flag : ServeFlags.output().flags()) {
      if (arguments.has(flag)) {
        throw misused(
            flag.written()
                + " is in no file; give it to  sallyport serve  when you serve this one");
      }
    }
  }

  Share.Settings settings(Arguments arguments) throws CliFault {
    int timeout = arguments.number(TIMEOUT);
    if (timeout < 1) {
      throw new CliFault(CliFault.USAGE, "--timeout is at least 1");
    }
    Share.Callers callers = callers(arguments);
    ServeFlags.Values serve = ServeFlags.read(arguments);
    List<Issuer> issuers = issuers(arguments, serve);
    Optional<HttpUrl> url = RemoteFlags.url(arguments);
    String name =
        arguments
            .given(NAME)
            .orElseGet(
                () -> url.map(ServerName::of).orElseGet(() -> ServerName.of(arguments.operands())));
    if (!ServerName.isFit(name)) {
      throw new CliFault(
          CliFault.USAGE,
          "--name is 1 to 41 of A-Z a-z 0-9 _ - and starts with a letter or a digit");
    }
    return new Share.Settings(
        name,
        url.isPresent()
            ? RemoteFlags.read(arguments, url.get(), surroundings.environment(), ofCommands())
            : new Offered.Command(
                childCommand(arguments), SandboxFlags.read(arguments, surroundings, name)),
        UpstreamOptions.DEFAULT
            .withEra(era(arguments.text(ERA)))
            .withCallTimeout(Duration.ofSeconds(timeout))
            .withSharing(IsolationFlags.read(arguments, url.isPresent())),
        serve,
        callers,
        issuers,
        (screen, served, key) -> {
          if (!issuers.isEmpty()) {
            screen.say(
                "  who signs in:          "
                    + ClientConfigCommand.claudeCode(name, served, Optional.empty()));
          }
          hints(screen, name, served, key);
        });
  }

  /** What is of no use where no process is started. */
  private static List<Flag> ofCommands() {
    return Stream.concat(Stream.of(ENV, CWD), SandboxFlags.group().flags().stream()).toList();
  }

  private static List<Flag> ofCallers() {
    return Stream.concat(Stream.of(KEYS, NO_AUTH, STDIO), IssuerFlags.all().stream()).toList();
  }

  /** Tokens are for the URL under which the endpoint is published: its path has to be ours. */
  private static List<Issuer> issuers(Arguments arguments, ServeFlags.Values serve)
      throws CliFault {
    List<Issuer> issuers = IssuerFlags.read(arguments);
    if (issuers.isEmpty()) {
      return issuers;
    }
    if (arguments.has(NO_AUTH)) {
      throw new CliFault(CliFault.USAGE, "--issuer and --no-auth contradict each other");
    }
    if (!serve.proxies().isEmpty() && serve.publicUrl().isEmpty()) {
      throw new CliFault(
          CliFault.USAGE,
          "--issuer behind a proxy needs --public-url URL: tokens are for that URL, and what a"
              + " proxy forwards can be a client's word");
    }
    if (serve.publicUrl().isPresent()) {
      ShareConfig.requireOurPath(serve.publicUrl().get(), "tokens of an --issuer are for what has");
    }
    return issuers;
  }

  private static Share.Callers callers(Arguments arguments) throws CliFault {
    boolean keysOnly = arguments.has(KEYS);
    if (!arguments.has(NO_AUTH)) {
      return keysOnly ? Share.Callers.WITH_EXISTING_KEYS : Share.Callers.WITH_KEY_FOR_A_DAY;
    }
    if (keysOnly) {
      throw new CliFault(CliFault.USAGE, "--keys and --no-auth contradict each other");
    }
    return Share.Callers.NOT_CHECKED;
  }

  private ChildCommand childCommand(Arguments arguments) throws CliFault {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> inherited = new ArrayList<>();
    for (String each : arguments.texts(ENV)) {
      int equals = each.indexOf('=');
      String variable = equals < 0 ? each : each.substring(0, equals);
      if (!isVariable(variable)) {
        throw new CliFault(CliFault.USAGE, "--env " + variable + " is not a variable's name");
      }
      if (equals >= 0) {
        values.put(variable, each.substring(equals + 1));
      } else if (surroundings.environment().containsKey(variable)) {
        inherited.add(variable);
      } else {
        throw new CliFault(
            CliFault.USAGE,
            "--env "
                + variable
                + ": there is no such variable here; give it a value with --env "
                + variable
                + "=VALUE");
      }
    }
    Optional<Path> cwd = arguments.path(CWD);
    if (cwd.isPresent() && !Files.isDirectory(cwd.get())) {
      throw new CliFault(CliFault.USAGE, "--cwd " + cwd.get() + " is not a directory");
    }
    return new ChildCommand(arguments.operands(), values, inherited, cwd);
  }

  private static boolean isVariable(String text) {
    return !text.isEmpty()
        && (text.charAt(0) < '0' || text.charAt(0) > '9')
        && text.chars().allMatch(c -> c == '_' || ServerName.isLetterOrDigit(c));
  }

  private static EraChoice era(String text) throws CliFault {
    return switch (text) {
      case "auto" -> EraChoice.AUTO;
      case "legacy" -> EraChoice.LEGACY;
      case "modern" -> EraChoice.MODERN;
      default ->
          throw new CliFault(
              CliFault.USAGE, "--era " + text + " is not one of auto, legacy, modern");
    };
  }

  private static void hints(Screen screen, String name, String url, Optional<String> key) {
    screen.say("  another client here:   " + ClientConfigCommand.claudeCode(name, url, key));
    if (key.isPresent()) {
      screen.say(
          "  a second person:       sallyport keys add NAME      (and, from another machine:"
              + " --listen :8443 --tls-cert c.pem --tls-key k.pem)");
    }
    String variable = key.map(secret -> "SALLYPORT_KEY=" + secret + " ").orElse("");
    screen.say("  from the shell:        " + variable + "sallyport try " + url);
    screen.say(
        "  other clients:         sallyport client-config CLIENT --url " + url + " --name " + name);
    screen.say("  stop:                  Ctrl-C");
  }
}
