package dev.sallyport.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.NullUnmarked;

/**
 * A stdio server that behaves, and misbehaves, as its arguments and its tools' names say. Runs as a
 * process of its own, so it uses nothing but the JDK and starts fast.
 */
@NullUnmarked // reads JSON into plain maps
public final class FakeChild {
  private final Map<String, String> quirks = new HashMap<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final List<String> received = new ArrayList<>();
  private final Map<String, BlockingQueue<String>> answers = new ConcurrentHashMap<>();
  private final Map<String, String> listens = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch never = new CountDownLatch(1);

  private final List<String> arguments;

  private FakeChild(String[] args) throws IOException {
    arguments = List.of(args);
    learn(arguments);
    Path then = Path.of(quirks.getOrDefault("then", "nowhere"));
    if (Files.exists(then)) {
      quirks.clear();
      learn(Files.readAllLines(then));
    }
  }

  private void learn(List<String> args) {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      quirks.put(
          equals < 0 ? arg : arg.substring(0, equals), equals < 0 ? "" : arg.substring(equals + 1));
    }
  }

  public static void main(String[] args) throws Exception {
    new FakeChild(args).run();
  }

  private boolean is(String quirk) {
    return quirks.containsKey(quirk);
  }

  private int number(String quirk) {
    return Integer.parseInt(quirks.getOrDefault(quirk, "0"));
  }

  private void run() throws Exception {
    misbehaveAtStart();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      take(line);
    }
    if (is("ignore-eof")) {
      never.await();
    }
    System.exit(0);
  }

  private void misbehaveAtStart() throws Exception {
    if (is("ignore-term")) {
      // A shutdown that never ends.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::hang));
    }
    if (is("grandchild")) {
      new ProcessBuilder("sleep", "1000").start();
    }
    if (is("escape")) {
      // Double fork: the one in between ends, so that nothing links the last one to us.
      new ProcessBuilder("sh", "-c", "setsid sleep 1000 & exit 0").inheritIO().start().waitFor();
    }
    if (is("die")) {
      System.err.println("config file is missing");
      System.err.println("\u001b[31mgiving up\u001b[0m");
      System.exit(number("die"));
    }
    for (int i = 0; i < number("banner"); i++) {
      raw("Listening for requests, number " + i);
    }
    for (int left = number("stderr"); left > 0; left -= 100) {
      System.err.println("x".repeat(99));
    }
  }

  private void hang() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(String line) throws Exception {
    synchronized (received) {
      received.add(line);
    }
    Object parsed = new Parser(line).value();
    if (!(parsed instanceof Map<?, ?> message)) {
      return;
    }
    String id = message.containsKey("id") ? write(message.get("id")) : "";
    if (!message.containsKey("method")) {
      BlockingQueue<String> waiting = answers.get(id);
      if (waiting != null) {
        waiting.add(write(message.containsKey("result") ? message.get("result") : message));
      }
      return;
    }
    String method = (String) message.get("method");
    Map<?, ?> params = message.get("params") instanceof Map<?, ?> given ? given : Map.of();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                handle(id, method, params);
              } catch (Exception e) {
                error(id, -32603, String.valueOf(e));
              }
            });
  }

  private void handle(String id, String method, Map<?, ?> params) throws Exception {
    switch (method) {
      case "server/discover" -> discover(id);
      case "initialize" -> initialize(id, params);
      case "notifications/initialized" -> {
        if (is("ask-roots-at-once")) {
          say("{\"id\":\"r0\",\"method\":\"roots/list\"}");
        }
        if (is("ping-at-once")) {
          say("{\"id\":\"ping-1\",\"method\":\"ping\"}");
        }
      }
      case "notifications/cancelled" -> {}
      case "tools/list" -> listTools(id, params);
      case "tools/call" -> new Tools(id, params).call((String) params.get("name"));
      case "resources/read" -> error(id, -32002, "Resource not found");
      case "resources/subscribe" -> {
        if (params.get("uri").toString().startsWith("bad:")) {
          error(id, -32602, "no");
        } else {
          result(id, "{}");
        }
      }
      case "resources/unsubscribe", "logging/setLevel" -> result(id, "{}");
      case "subscriptions/listen" -> listen(id, params);
      case "completion/complete" ->
          result(id, "{\"completion\":{\"values\":[],\"seen\":" + write(params) + "}}");
      case "prompts/get" -> new Tools(id, params).call((String) params.get("name"));
      case "vendor/echo" -> result(id, "{\"seen\":" + write(params) + "}");
      default -> {
        if (!id.isEmpty()) {
          error(id, -32601, "Method not found");
        }
      }
    }
  }

  private void discover(String id) throws Exception {
    if (is("slow-first") && Files.notExists(Path.of(quirks.get("slow-first")))) {
      Files.createFile(Path.of(quirks.get("slow-first")));
      return;
    }
    if (is("modern")) {
      String versions = quirks.getOrDefault("versions", "\"2026-07-28\",\"2025-11-25\"");
      result(
          id,
          "{\"resultType\":\"complete\",\"supportedVersions\":["
              + versions
              + "],\"capabilities\":{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}},\"ttlMs\":0,\"cacheScope\":\"private\","
              + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}}");
      return;
    }
    switch (quirks.getOrDefault("probe", "-32601")) {
      case "silent" -> {}
      case "exit" -> System.exit(3);
      case "result" -> result(id, "{\"hello\":\"there\"}");
      case "unsupported" ->
          say(
              "{\"id\":"
                  + id
                  + ",\"error\":{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":["
                  + quirks.getOrDefault("versions", "")
                  + "],\"requested\":\"x\"}}}");
      default -> error(id, Integer.parseInt(quirks.getOrDefault("probe", "-32601")), "Bad request");
    }
  }

  private boolean wasProbed() {
    synchronized (received) {
      return is("probed") && received.getFirst().contains("server/discover");
    }
  }

  private void initialize(String id, Map<?, ?> params) throws Exception {
    if (is("modern") && !is("both")) {
      error(id, -32601, "Method not found");
      return;
    }
    switch (quirks.getOrDefault(wasProbed() ? "probed" : "init", "")) {
      case "silent" -> {}
      case "exit" -> {
        System.err.println("cannot start twice");
        System.exit(4);
      }
      case "error" -> error(id, -32600, "not today");
      default ->
          result(
              id,
              "{\"protocolVersion\":\""
                  + quirks.getOrDefault("version", params.get("protocolVersion").toString())
                  + "\",\"capabilities\":"
                  + quirks.getOrDefault(
                      "caps",
                      "{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true,\"listChanged\":true},\"logging\":{},\"tasks\":{\"list\":{}}}")
                  + ",\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"},\"instructions\":\"Be"
                  + " nice.\"}");
    }
  }

  private void listTools(String id, Map<?, ?> params) {
    if (is("tools")) {
      result(id, "{\"tools\":[" + quirks.get("tools") + "]}");
      return;
    }
    Object cursor = params.get("cursor");
    if (cursor == null) {
      result(
          id,
          "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"},\"vendor\":1.50}],\"nextCursor\":\"\"}");
    } else {
      result(id, "{\"tools\":[{\"name\":\"last\",\"inputSchema\":{\"type\":\"object\"}}]}");
    }
  }

  private void listen(String id, Map<?, ?> params) {
    listens.put(id, is("tells-nothing") ? "{}" : write(params.get("notifications")));
    notifyListen(
        id, "notifications/subscriptions/acknowledged", ",\"notifications\":" + listens.get(id));
  }

  private void notifyListen(String id, String method, String more) {
    say(
        "{\"method\":\""
            + method
            + "\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"
            + id
            + "}"
            + more
            + "}}");
  }

  /** What {@code tools/call} can do. */
  private final class Tools {
    private final String id;
    private final Map<?, ?> params;
    private final Map<?, ?> arguments;
    private final String token;

    Tools(String id, Map<?, ?> params) {
      this.id = id;
      this.params = params;
      arguments = params.get("arguments") instanceof Map<?, ?> given ? given : Map.of();
      token =
          params.get("_meta") instanceof Map<?, ?> meta && meta.containsKey("progressToken")
              ? write(meta.get("progressToken"))
              : "";
    }

    private int count() {
      return Integer.parseInt(arguments.get("n").toString());
    }

    void call(String name) throws Exception {
      switch (name) {
        case "echo" -> text(write(params));
        case "env" -> text(write(System.getenv()));
        case "pid" -> text(Long.toString(ProcessHandle.current().pid()));
        case "args" -> text(write(FakeChild.this.arguments));
        case "where" -> text(System.getProperty("user.dir"));
        case "received" -> {
          synchronized (received) {
            text("[" + String.join(",", received) + "]");
          }
        }
        case "die" -> System.exit(9);
        case "half" -> {
          rawBytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"cont");
          System.exit(0);
        }
        case "late" -> {
          never.await(count(), TimeUnit.MILLISECONDS);
          text("late");
        }
        case "hang" -> {
          if (!token.isEmpty()) {
            say(
                "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                    + token
                    + ",\"progress\":1}}");
          }
        }
        case "close-stdout" -> {
          System.out.close();
          java.io.FileOutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out);
          out.close();
          never.await();
        }
        case "big" -> text("y".repeat(count()));
        case "unreadable" -> {
          rawBytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"a\":1,\"a\":2}}\n");
        }
        case "unreadable-notification" -> {
          rawBytes("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"a\":1,\"a\":2}\n");
          rawBytes("{not even that\n");
          text("said");
        }
        case "garbage" -> {
          for (int i = 0; i < count(); i++) {
            raw("log line " + i);
          }
          text("done");
        }
        case "strange-ids" -> strangeIds();
        case "error" ->
            say(
                "{\"id\":"
                    + id
                    + ",\"error\":{\"code\":"
                    + arguments.get("code")
                    + ",\"message\":\"theirs\",\"data\":"
                    + write(arguments.get("data"))
                    + "}}");
        case "raw" -> result(id, write(arguments.get("result")));
        case "raw-line" -> raw(arguments.get("line").toString().replace("$ID", id));
        case "progress" -> progress();
        case "flood" -> {
          for (int i = 0; i < count(); i++) {
            log("info", "flood " + i);
          }
          text("done");
        }
        case "log" -> {
          for (String level : List.of("debug", "info", "warning", "error")) {
            log(level, "at " + level);
          }
          text("done");
        }
        case "ask" ->
            text(
                ask(
                        "elicitation/create",
                        "{\"message\":\"name?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}")
                    .take());
        case "ask-url" ->
            text(
                ask(
                        "elicitation/create",
                        "{\"mode\":\"url\",\"elicitationId\":\"e1\",\"message\":\"go\",\"url\":\"https://example.com/\"}")
                    .take());
        case "sample" ->
            text(
                ask(
                        "sampling/createMessage",
                        "{\"messages\":[],\"maxTokens\":5,\"_meta\":{\"progressToken\":1,\"x\":2}}")
                    .take());
        case "roots" -> text(ask("roots/list", "{}").take());
        case "ask-unknown" -> text(ask("vendor/question", "{}").take());
        case "ask-two" -> {
          BlockingQueue<String> one = ask("elicitation/create", "{\"message\":\"one\"}");
          BlockingQueue<String> two =
              ask("sampling/createMessage", "{\"messages\":[],\"maxTokens\":1}");
          text(one.take() + "|" + two.take());
        }
        case "ask-twice" -> {
          String one = ask("elicitation/create", "{\"message\":\"one\"}").take();
          String two = ask("elicitation/create", "{\"message\":\"two\"}").take();
          text(one + "|" + two);
        }
        case "ask-then-progress" -> {
          ask("elicitation/create", "{\"message\":\"one\"}").take();
          say(
              "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                  + token
                  + ",\"progress\":1}}");
          text("done");
        }
        case "ask-and-withdraw" -> {
          ask("elicitation/create", "{\"message\":\"never mind\"}");
          say(
              "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"ask-"
                  + asked.get()
                  + "\"}}");
          text("without");
        }
        case "ask-and-die" -> {
          ask("elicitation/create", "{\"message\":\"last words\"}");
          if (answers.get("\"ask-" + asked.get() + "\"").poll(500, TimeUnit.MILLISECONDS) == null) {
            System.exit(7);
          }
        }
        case "ask-tool-error" -> {
          String answer = ask("sampling/createMessage", "{\"messages\":[],\"maxTokens\":5}").take();
          result(
              id,
              "{\"content\":[{\"type\":\"text\",\"text\":"
                  + quote(answer)
                  + "}],\"isError\":true}");
        }
        case "ask-then-error" -> {
          ask("sampling/createMessage", "{\"messages\":[],\"maxTokens\":5}").take();
          error(id, count(), "The year is missing");
        }
        case "ask-then-tool-error" -> {
          ask("sampling/createMessage", "{\"messages\":[],\"maxTokens\":5}").take();
          result(
              id,
              "{\"content\":[{\"type\":\"text\",\"text\":\"The year is"
                  + " missing\"}],\"isError\":true}");
        }
        case "change" -> {
          change(arguments.get("what").toString());
          text("done");
        }
        case "input" -> input();
        case "ask-request" -> {
          say("{\"id\":\"not-allowed\",\"method\":\"ping\"}");
          text("done");
        }
        case "end-listens" -> {
          listens
              .keySet()
              .forEach(
                  listen ->
                      result(
                          listen,
                          "{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"
                              + listen
                              + "}}"));
          text("done");
        }
        case "fail-listens" -> {
          listens.keySet().forEach(listen -> error(listen, -32603, "upstream terminated"));
          text("done");
        }
        case "cancel-listens" -> {
          listens
              .keySet()
              .forEach(
                  listen ->
                      say(
                          "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
                              + listen
                              + "}}"));
          text("done");
        }
        default -> error(id, -32602, "Unknown tool");
      }
    }

    private void strangeIds() {
      result("99999", "{}");
      result("\"nobody\"", "{}");
      result("\"" + id + "\"", "{\"content\":[{\"type\":\"text\",\"text\":\"as a string\"}]}");
      result(id, "{\"content\":[]}");
      result(id, "{\"content\":[]}");
    }

    private void progress() throws Exception {
      for (Object value : (List<?>) arguments.get("values")) {
        String used = token.isEmpty() ? "12345" : token;
        say(
            "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                + used
                + ",\"progress\":"
                + value
                + ",\"total\":100}}");
        if (arguments.containsKey("pause")) {
          never.await(Integer.parseInt(arguments.get("pause").toString()), TimeUnit.MILLISECONDS);
        }
      }
      text("done");
      if (!token.isEmpty()) {
        say(
            "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                + token
                + ",\"progress\":1000}}");
      }
    }

    private void log(String level, String data) {
      say(
          "{\"method\":\"notifications/message\",\"params\":{\"level\":\""
              + level
              + "\",\"data\":\""
              + data
              + "\"}}");
    }

    private void change(String what) {
      if (is("modern")) {
        listens
            .keySet()
            .forEach(
                listen ->
                    notifyListen(
                        listen,
                        what.contains(":")
                            ? "notifications/resources/updated"
                            : "notifications/" + what + "/list_changed",
                        what.contains(":") ? ",\"uri\":" + quote(what) : ""));
        notifyListen("4711", "notifications/tools/list_changed", "");
      } else if (what.contains(":")) {
        say(
            "{\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":"
                + quote(what)
                + "}}");
      } else {
        say("{\"method\":\"notifications/" + what + "/list_changed\"}");
      }
    }

    private void input() {
      Object given = params.get("inputResponses");
      if (given == null) {
        result(id, write(arguments.get("first")));
      } else {
        text(write(params));
      }
    }

    private BlockingQueue<String> ask(String method, String askedParams) {
      String question = "\"ask-" + asked.incrementAndGet() + "\"";
      BlockingQueue<String> answer = new LinkedBlockingQueue<>(4);
      answers.put(question, answer);
      say("{\"id\":" + question + ",\"method\":\"" + method + "\",\"params\":" + askedParams + "}");
      return answer;
    }

    private void text(String text) {
      result(
          id,
          "{\"content\":[{\"type\":\"text\",\"text\":"
              + quote(text)
              + "}]"
              + (is("modern") ? ",\"resultType\":\"complete\"" : "")
              + "}");
    }
  }

  private void result(String id, String result) {
    String shown = is("string-ids") && !id.startsWith("\"") ? "\"" + id + "\"" : id;
    say("{\"id\":" + shown + ",\"result\":" + result + "}");
  }

  private void error(String id, int code, String message) {
    say("{\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":" + quote(message) + "}}");
  }

  /** A JSON object, to which the version is added. */
  private void say(String object) {
    raw("{\"jsonrpc\":\"2.0\"," + object.substring(1));
  }

  private void raw(String line) {
    rawBytes(line + "\n");
  }

  private void rawBytes(String text) {
    writing.lock();
    try {
      System.out.write(text.getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    } catch (IOException e) {
      System.exit(1);
    } finally {
      writing.unlock();
    }
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c < 0x20) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static String write(Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> {
        List<String> members = new ArrayList<>();
        map.forEach((name, member) -> members.add(quote(name.toString()) + ":" + write(member)));
        yield "{" + String.join(",", members) + "}";
      }
      case List<?> list ->
          "[" + String.join(",", list.stream().map(FakeChild::write).toList()) + "]";
      case String text -> quote(text);
      default -> value.toString();
    };
  }

  /** Numbers stay as their text. */
  private record Literal(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Object value() {
      skip();
      return switch (text.charAt(at)) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        default -> {
          int from = at;
          while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
            at++;
          }
          yield new Literal(text.substring(from, at));
        }
      };
    }

    private Map<String, Object> object() {
      Map<String, Object> members = new java.util.LinkedHashMap<>();
      at++;
      skip();
      while (text.charAt(at) != '}') {
        skip();
        String name = string();
        skip();
        at++;
        members.put(name, value());
        skip();
        at += text.charAt(at) == ',' ? 1 : 0;
      }
      at++;
      return members;
    }

    private List<Object> array() {
      List<Object> elements = new ArrayList<>();
      at++;
      skip();
      while (text.charAt(at) != ']') {
        elements.add(value());
        skip();
        at += text.charAt(at) == ',' ? 1 : 0;
      }
      at++;
      return elements;
    }

    private String string() {
      StringBuilder decoded = new StringBuilder();
      at++;
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c == '\\') {
          c = text.charAt(at++);
          c =
              switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'u' -> (char) Integer.parseInt(text.substring(at, at += 4), 16);
                default -> c;
              };
        }
        decoded.append(c);
      }
      at++;
      return decoded.toString();
    }

    private void skip() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
  }
}
