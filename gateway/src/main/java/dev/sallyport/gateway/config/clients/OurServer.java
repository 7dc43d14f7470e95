package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Secrets;
import dev.sallyport.gateway.config.Shown;
import dev.sallyport.gateway.config.YamlGroup;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ChildCommand;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes one of our servers of what a client says of one of its own. */
final class OurServer {
  private static final List<String> URLS = List.of("httpUrl", "serverUrl", "url");
  private static final Set<String> OF_URL =
      Set.of("http", "streamable-http", "streamableHttp", "streamable_http", "sse");
  private static final Set<String> ERAS = Set.of("auto", "legacy", "modern");
  private static final List<String> ALLOWED =
      List.of("includeTools", "enabledTools", "enabled_tools");
  private static final List<String> DENIED =
      List.of("excludeTools", "disabledTools", "disabled_tools");

  /** As ours are, without *, which would be a pattern. */
  private static final Pattern TOOL = Pattern.compile("[A-Za-z0-9_./-]{1,128}");

  private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)(?:\\$\\$)*+\\$\\{[^}]*}");
  private static final Pattern RELATIVE = Pattern.compile("\\.{1,2}(/.*)?");

  private final ServerEntry entry;
  private final Client client;
  private final Path folder;
  private final NamedValues values;
  private final YamlGroup out = new YamlGroup();
  private boolean enabled = true;

  /** One that was made. */
  record Made(YamlGroup group, boolean enabled) {}

  private OurServer(ServerEntry entry, Client client, Path folder) {
    this.entry = entry;
    this.client = client;
    this.folder = folder;
    values = new NamedValues(entry);
  }

  /**
   * Empty when there is nothing to make of it, which is told.
   *
   * @param folder where its relative paths start
   * @param off whether the client says elsewhere that it is switched off
   */
  static Optional<Made> of(ServerEntry entry, Client client, Path folder, boolean off) {
    return new OurServer(entry, client, folder).make(off);
  }

  private Optional<Made> make(boolean off) {
    List<String> urls = URLS.stream().filter(entry::has).toList();
    boolean command = entry.has("command");
    Optional<String> why = refusal(urls, command);
    if (why.isPresent()) {
      entry.remark("is left out: " + why.get());
      return Optional.empty();
    }
    enabled = switchedOn() && !off;
    if (command) {
      command();
    } else {
      remote(urls.getFirst());
    }
    entry.text("protocolEra").ifPresent(this::era);
    Timeouts.write(entry, client, out);
    tools();
    if (!enabled) {
      out.putBare("enabled", "false");
    }
    entry.tellOthers();
    return Optional.of(new Made(out, enabled));
  }

  /** Why nothing can be made of it. */
  private Optional<String> refusal(List<String> urls, boolean command) {
    Optional<String> type = entry.text("type");
    if (type.isPresent() && !type.get().equals("stdio") && !OF_URL.contains(type.get())) {
      return Optional.of("a server of type " + Shown.quoted(type.get()) + " cannot be reached");
    }
    if (!command && urls.isEmpty()) {
      return Optional.of("it has neither a command nor a url");
    }
    if (command && !urls.isEmpty()) {
      entry.fault(urls.getFirst(), "and command contradict each other; leave one of them out");
    }
    if (type.isPresent() && type.get().equals("stdio") != command) {
      entry.remark("type", "does not fit the rest and is left out");
    }
    urls.stream().skip(1).forEach(key -> entry.remark(key, "is left out for " + urls.getFirst()));
    if (command) {
      String program = entry.text("command").orElse("?");
      return program.isBlank() || program.indexOf('\0') >= 0
          ? Optional.of("its command is empty")
          : Optional.empty();
    }
    return entry
        .text(urls.getFirst())
        .filter(text -> !canBeAsked(entry.written(text)))
        .map(text -> "its url is none that can be asked: https://HOST/PATH, without user or #");
  }

  /** With something in place of its variables: a site at the start, else a word or a port. */
  private static boolean canBeAsked(String written) {
    String begun =
        written.startsWith("${")
            ? REFERENCE.matcher(written).replaceFirst("https://x.example")
            : written;
    return Stream.of("x", "1")
        .map(value -> REFERENCE.matcher(begun).replaceAll(value).replace("$$", "$"))
        .anyMatch(text -> HttpUrl.of(text).isPresent());
  }

  private boolean switchedOn() {
    boolean disabled = entry.choice("disabled").orElse(false);
    return entry.choice("enabled").orElse(true) && !disabled;
  }

  private void command() {
    List<String> own = List.copyOf(entry.group("env").keySet());
    String program = entry.text("command").orElse("");
    List<String> arguments = entry.list("args").orElse(List.of());
    if (!Stream.concat(Stream.of(program), arguments.stream()).allMatch(ChildCommand::canHold)) {
      entry.fault("args", "holds a character that no program can be given");
      return;
    }
    out.putWritten("command", entry.written("command", program, own).text());
    if (!arguments.isEmpty()) {
      List<References.Written> written = entry.writtenAll("args", arguments, own);
      out.putWritten("args", written.stream().map(References.Written::text).toList());
      tellSecrets(written.stream().map(References.Written::inClear).toList());
    }
    values.variables(out);
    boolean relative =
        Stream.concat(Stream.of(program), arguments.stream())
            .anyMatch(text -> RELATIVE.matcher(text).matches());
    Optional<String> directory = entry.text("cwd");
    if (directory.isPresent()) {
      directory(directory.get());
    } else if (relative && Files.isDirectory(folder)) {
      out.put("cwd", folder.toString());
      entry.remark("has relative paths, so it is run where this file's project is");
    }
  }

  private void tellSecrets(List<String> arguments) {
    List<String> masked = Secrets.masked(arguments);
    for (int i = 0; i < arguments.size(); i++) {
      if (!masked.get(i).equals(arguments.get(i))) {
        entry.inClear("args", i);
      }
    }
  }

  private void directory(String text) {
    References.Written written = entry.written("cwd", text, List.of());
    if (!written.isLiteral()) {
      out.putWritten("cwd", written.text());
      return;
    }
    try {
      Path path = folder.resolve(written.text().replace("$$", "$")).normalize();
      if (Files.isDirectory(path)) {
        out.put("cwd", path.toString());
      } else {
        entry.remark("cwd", "is left out: there is no such folder here");
      }
    } catch (InvalidPathException e) {
      entry.remark("cwd", "is left out: it cannot be a folder here");
    }
  }

  private void remote(String key) {
    String url = entry.text(key).orElse("");
    References.Written written = entry.written(key, url, List.of());
    out.putWritten("url", written.text());
    if (!Secrets.masked(written.inClear()).equals(written.inClear())) {
      entry.inClear(key);
    }
    values.headers(out);
  }

  private void era(String text) {
    if (!ERAS.contains(text)) {
      entry.remark("protocolEra", "is none of auto, legacy, modern and is left out");
    } else if (!text.equals("auto")) {
      out.put("era", text);
    }
  }

  private void tools() {
    List<String> allow = tools(ALLOWED);
    List<String> deny = tools(DENIED);
    if (!allow.isEmpty() || !deny.isEmpty()) {
      YamlGroup tools = out.branch("tools");
      if (!allow.isEmpty()) {
        tools.put("allow", allow);
      }
      if (!deny.isEmpty()) {
        tools.put("deny", deny);
      }
    }
  }

  /** What cannot be said as it was meant would offer more, or other tools, than was asked for. */
  private List<String> tools(List<String> keys) {
    List<String> named = new ArrayList<>();
    for (String key : keys) {
      Optional<List<String>> names = entry.list(key);
      named.addAll(names.orElse(List.of()));
      boolean unfit =
          names.orElse(List.of()).stream().anyMatch(name -> !TOOL.matcher(name).matches());
      boolean nothing = keys.equals(ALLOWED) && names.filter(List::isEmpty).isPresent();
      if (unfit || nothing) {
        enabled = false;
        entry.remark(
            key,
            nothing
                ? "allows no tool, so the server is switched off"
                : "names what is no tool here, so the server is switched off; see to its tools");
      }
    }
    return named.stream().filter(name -> TOOL.matcher(name).matches()).distinct().toList();
  }

  /** Whether two are the same to whoever is served. */
  static boolean areSame(Made one, Made other) {
    return one.group().yaml().equals(other.group().yaml());
  }
}
