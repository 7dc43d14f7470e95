package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundClient;
import dev.sallyport.transport.outbound.OutboundOptions;
import dev.sallyport.upstream.http.RemoteServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers with sessions over HTTP: what they forget, refuse and break off. */
final class RemoteFlowTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);

  private final Forgetful forgetful = new Forgetful();
  private HttpEngine engine;
  private HttpListener listener;
  private OutboundClient client;

  /** A legacy server that forgets its sessions, and cuts calls off, when it is told to. */
  private static final class Forgetful implements HttpHandler {
    private final AtomicInteger sessions = new AtomicInteger();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private volatile JsonObject lastParams = JsonObject.EMPTY;
    private volatile boolean forgets;
    private volatile int forgottenStatus = 404;
    private volatile boolean cutsOff;
    private volatile Optional<EventStream.Event> beforeTheCut = Optional.empty();
    private volatile int statusOfGoingOn = 404;
    private volatile RpcId cut = RpcId.of(0);
    private volatile boolean endsStreams;
    private final CountDownLatch streams = new CountDownLatch(4);
    private volatile int statusOfGet = 405;
    private volatile Optional<HttpAnswer> forgottenAnswer = Optional.empty();
    private volatile Optional<Function<RpcId, HttpAnswer>> onceInstead = Optional.empty();

    @Override
    public Optional<HttpAnswer> screen(HttpHead head) {
      return Optional.empty();
    }

    @Override
    public void serve(HttpCall call) {
      switch (call.head().method()) {
        case "GET" -> get(call);
        case "DELETE" -> call.answer(HttpAnswer.empty(200));
        default -> post(call);
      }
    }

    private void get(HttpCall call) {
      if (endsStreams) {
        streams.countDown();
        EventStream stream = call.stream(HttpFields.empty());
        stream.send(new EventStream.Event(Optional.empty(), OptionalLong.of(0), new byte[0]));
        stream.end();
      } else {
        boolean goesOn = call.head().fields().first("Last-Event-ID").isPresent();
        call.answer(goesOn ? goingOn() : HttpAnswer.empty(statusOfGet));
      }
    }

    private void post(HttpCall call) {
      if (!(ENVELOPE.readFromClient(call.body())
          instanceof Envelope.Reading.Single(Message.Request request))) {
        call.answer(HttpAnswer.empty(202));
        return;
      }
      received.add(request.method());
      lastParams = request.params();
      String session = "s" + sessions.get();
      switch (request.method()) {
        case "server/discover" -> call.answer(HttpAnswer.empty(400));
        case "initialize" -> {
          forgets = false;
          HttpAnswer greeting =
              result(
                  request.id(),
                  "{'protocolVersion':'2025-11-25','capabilities':{'tools':{}},'serverInfo':{'name':'forgetful','version':'1'}}");
          call.answer(greeting.with("Mcp-Session-Id", "s" + sessions.incrementAndGet()));
        }
        default -> {
          boolean known =
              !forgets && call.head().fields().first("Mcp-Session-Id").equals(Optional.of(session));
          if (!known) {
            call.answer(forgottenAnswer.orElseGet(this::forgotten));
          } else if (onceInstead.isPresent() && request.method().equals("tools/call")) {
            HttpAnswer instead = onceInstead.get().apply(request.id());
            onceInstead = Optional.empty();
            call.answer(instead);
          } else if (cutsOff) {
            cutsOff = false;
            cut = request.id();
            cutOff(call.stream(HttpFields.empty()));
          } else {
            call.answer(result(request.id(), "{'tools':[],'content':[]}"));
          }
        }
      }
    }

    /** What was sent before may be lost with a connection that breaks, so that is closed. */
    private void cutOff(EventStream stream) {
      if (beforeTheCut.isEmpty()) {
        throw new IllegalStateException("cut off on purpose");
      }
      stream.send(beforeTheCut.get());
      stream.end();
    }

    private HttpAnswer goingOn() {
      return statusOfGoingOn == 200
          ? result(cut, "{'content':[]}")
          : HttpAnswer.empty(statusOfGoingOn);
    }

    private HttpAnswer forgotten() {
      String error =
          "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"No valid"
              + " session ID\"}}";
      return HttpAnswer.json(forgottenStatus, error.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpAnswer result(RpcId id, String result) {
      return HttpAnswer.json(200, new Message.Result(id, json(result)).toBytes());
    }

    long count(String method) {
      return received.stream().filter(method::equals).count();
    }
  }

  @BeforeEach
  void listen() throws Exception {
    engine = HttpEngine.begin();
    listener = HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), forgetful);
    client = OutboundClient.open(engine, OutboundOptions.DEFAULT);
  }

  @AfterEach
  void end() {
    client.close();
    listener.close();
    engine.close();
  }

  private UpstreamServer open() throws Exception {
    HttpUrl url =
        HttpUrl.of("http://127.0.0.1:" + listener.address().getPort() + "/mcp").orElseThrow();
    return UpstreamServer.open(
        "forgetful", new RemoteServer(client, url, HttpFields.empty()), Fakes.impatient());
  }

  private static Outcome tools(UpstreamServer server) {
    return ask("tools/list", "{}").of(server);
  }

  @Test
  void a_call_whose_session_is_forgotten_is_made_in_a_new_one() throws Exception { // CL-03
    try (UpstreamServer server = open()) {
      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      forgetful.forgets = true;

      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void many_say_400_where_404_is_asked_for() throws Exception {
    forgetful.forgottenStatus = 400;
    try (UpstreamServer server = open()) {
      tools(server);
      forgetful.forgets = true;

      assertThat(tools(server)).isInstanceOf(Outcome.Complete.class);
    }
  }

  @Test
  void some_say_it_in_a_few_words() throws Exception {
    byte[] words = "Bad Request: No valid session ID provided".getBytes(StandardCharsets.UTF_8);
    forgetful.forgottenAnswer = Optional.of(new HttpAnswer(400, HttpFields.empty(), words));
    try (UpstreamServer server = open()) {
      call("any").of(server);
      forgetful.forgets = true;

      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void what_is_about_one_call_does_not_end_the_session() throws Exception {
    try (UpstreamServer server = open()) {
      call("any").of(server);
      forgetful.onceInstead = Optional.of(id -> HttpAnswer.empty(406));

      assertThat(failed(call("any").of(server)).error().message()).contains("not MCP");
      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("initialize")).isEqualTo(1);
      assertThat(forgetful.count("tools/call")).isEqualTo(3);
    }
  }

  @Test
  void a_404_that_answers_the_call_is_no_word_about_the_session() throws Exception {
    try (UpstreamServer server = open()) {
      call("any").of(server);
      forgetful.onceInstead =
          Optional.of(
              id ->
                  HttpAnswer.json(
                      404,
                      new Message.Failure(Optional.of(id), RpcError.internal("no such document"))
                          .toBytes()));

      assertThat(failed(call("any").of(server)).error().message()).contains("no such document");
      assertThat(forgetful.count("initialize")).isEqualTo(1);
      assertThat(forgetful.count("tools/call")).isEqualTo(2);
    }
  }

  @Test
  void a_refusal_that_names_another_call_is_about_this_one_all_the_same() throws Exception {
    String error =
        "{\"jsonrpc\":\"2.0\",\"id\":\"server-error\",\"error\":{\"code\":-32600,\"message\":\"no\"}}";
    try (UpstreamServer server = open()) {
      call("any").of(server);
      forgetful.onceInstead =
          Optional.of(id -> HttpAnswer.json(500, error.getBytes(StandardCharsets.UTF_8)));

      assertThat(failed(call("any").of(server)).error().message()).contains("not MCP");
      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
    }
  }

  @Test
  void a_call_that_is_cut_off_is_not_made_again() throws Exception { // T13
    try (UpstreamServer server = open()) {
      tools(server);
      forgetful.cutsOff = true;

      assertThat(failed(call("any").of(server)).error().message()).contains("connection lost");
      assertThat(forgetful.count("tools/call")).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_ends_every_stream_at_once_is_asked_again_less_and_less_often()
      throws Exception { // CL-06: even when it names no pause at all
    forgetful.endsStreams = true;
    long since = System.nanoTime();
    try (UpstreamServer server = open()) {
      assertThat(forgetful.streams.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .isGreaterThanOrEqualTo(Duration.ofMillis(700));
      assertThat(tools(server)).isInstanceOf(Outcome.Complete.class);
    }
  }

  private static EventStream.Event begun() {
    byte[] notification = new Message.Notification("notifications/begun", json("{}")).toBytes();
    return new EventStream.Event(Optional.of("e1"), OptionalLong.of(10), notification);
  }

  @Test
  void a_call_whose_stream_is_taken_up_again_has_its_answer_from_there() throws Exception { // CL-06
    try (UpstreamServer server = open()) {
      tools(server);
      forgetful.beforeTheCut = Optional.of(begun());
      forgetful.cutsOff = true;
      forgetful.statusOfGoingOn = 200;

      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("tools/call")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405})
  void a_call_whose_stream_cannot_be_taken_up_again_is_not_made_again(int status)
      throws Exception { // T13: the server may have begun it, and may have been restarted since
    try (UpstreamServer server = open()) {
      tools(server);
      forgetful.beforeTheCut = Optional.of(begun());
      forgetful.cutsOff = true;
      forgetful.statusOfGoingOn = status;

      assertThat(failed(call("any").of(server)).error().message()).contains("connection lost");
      assertThat(forgetful.count("tools/call")).isEqualTo(1);
    }
  }

  @Test
  void a_session_that_is_over_when_a_stream_is_taken_up_again_is_followed_by_another()
      throws Exception { // CL-03
    try (UpstreamServer server = open()) {
      tools(server);
      forgetful.beforeTheCut = Optional.of(begun());
      forgetful.cutsOff = true;
      call("any").of(server);

      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void each_gateway_on_the_way_to_a_url_is_counted() throws Exception {
    try (UpstreamServer server = open()) {
      tools(server);
      assertThat(forgetful.lastParams).isEqualTo(json("{'_meta':{'dev.sallyport/hops':1}}"));

      ask("tools/list", "{'_meta':{'a':1,'dev.sallyport/hops':4}}").of(server);
      assertThat(forgetful.lastParams).isEqualTo(json("{'_meta':{'a':1,'dev.sallyport/hops':5}}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/list", "tools/call", "subscriptions/listen"})
  void what_comes_round_and_round_goes_no_further(String method) throws Exception {
    try (UpstreamServer server = open()) {
      tools(server);
      int before = forgetful.received.size();

      Outcome outcome =
          ask(method, "{'name':'any','notifications':{},'_meta':{'dev.sallyport/hops':5}}")
              .of(server);

      assertThat(failed(outcome).error().message()).contains("too many gateways");
      assertThat(forgetful.received).hasSize(before);
    }
  }

  @Test
  void what_only_reads_is_made_once_more() throws Exception { // 3.6
    try (UpstreamServer server = open()) {
      tools(server);
      long before = forgetful.count("tools/list");
      forgetful.cutsOff = true;

      assertThat(tools(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(forgetful.count("tools/list")).isEqualTo(before + 2);
    }
  }

  @Test
  void a_server_without_a_stream_for_its_sessions_may_say_404_to_it() throws Exception { // CL-05
    forgetful.statusOfGet = 404;
    try (UpstreamServer server = open()) {
      for (int i = 0; i < 20; i++) {
        assertThat(tools(server)).isInstanceOf(Outcome.Complete.class);
      }
      assertThat(forgetful.count("initialize")).isEqualTo(1);
    }
  }
}
