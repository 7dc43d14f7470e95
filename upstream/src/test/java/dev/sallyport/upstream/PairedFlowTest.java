package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
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
import dev.sallyport.upstream.http.HttpBounds;
import dev.sallyport.upstream.http.RemoteServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers over HTTP+SSE of 2024-11-05: when and how they answer what is posted to them. */
final class PairedFlowTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);

  private final Paired paired = new Paired();
  private HttpEngine engine;
  private HttpListener listener;
  private OutboundClient client;

  /** Says everything on its one stream. Of a call's POST it thinks as it is told to. */
  private static final class Paired implements HttpHandler {
    private final BlockingQueue<Message> toSay = new ArrayBlockingQueue<>(100);
    private final CountDownLatch posts = new CountDownLatch(1);
    private volatile boolean holdsPosts;
    private volatile int statusOfCalls = 202;

    @Override
    public Optional<HttpAnswer> screen(HttpHead head) {
      return Optional.empty();
    }

    @Override
    public void serve(HttpCall call) {
      if (call.head().method().equals("GET")) {
        speak(call.stream(HttpFields.empty()));
        return;
      }
      if (!call.head().path().equals("/say")) {
        call.answer(
            HttpAnswer.empty(405)); // a version with POSTs only, or with sessions, is not here
        return;
      }
      try {
        call.answer(HttpAnswer.empty(take(call.body())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void speak(EventStream stream) {
      stream.send(EventStream.Event.of("endpoint", "/say?to=1".getBytes(StandardCharsets.UTF_8)));
      try {
        while (stream.send(EventStream.Event.of(toSay.take().toBytes()))) {}
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private int take(byte[] body) throws InterruptedException {
      if (!(ENVELOPE.readFromClient(body)
          instanceof Envelope.Reading.Single(Message.Request request))) {
        return 202;
      }
      if (request.method().equals("initialize")) {
        String greeting =
            "{'protocolVersion':'2024-11-05','capabilities':{'tools':{}},'serverInfo':{'name':'paired','version':'1'}}";
        toSay.add(new Message.Result(request.id(), json(greeting)));
      } else if (request.method().equals("tools/call")) {
        if (statusOfCalls != 202) {
          return statusOfCalls;
        }
        toSay.add(new Message.Result(request.id(), json("{'content':[]}")));
        if (holdsPosts) {
          posts.await();
        }
      } else {
        toSay.add(new Message.Result(request.id(), json("{'tools':[]}")));
      }
      return 202;
    }
  }

  @BeforeEach
  void listen() throws Exception {
    engine = HttpEngine.begin();
    listener = HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), paired);
    client = OutboundClient.open(engine, OutboundOptions.DEFAULT);
  }

  @AfterEach
  void end() {
    paired.posts.countDown();
    client.close();
    listener.close();
    engine.close();
  }

  private UpstreamServer open() throws Exception {
    HttpUrl url =
        HttpUrl.of("http://127.0.0.1:" + listener.address().getPort() + "/sse").orElseThrow();
    return UpstreamServer.open(
        "paired", new RemoteServer(client, url, HttpFields.empty()), Fakes.impatient());
  }

  @Test
  void a_call_is_over_when_the_stream_says_so_whatever_becomes_of_its_post() throws Exception {
    try (UpstreamServer server = open()) {
      call("any").of(server);
      paired.holdsPosts = true;
      long since = System.nanoTime();

      assertThat(call("any").of(server)).isInstanceOf(Outcome.Complete.class);
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .isLessThan(HttpBounds.DEFAULT.accept()); // as long as one would wait for other messages
      assertThat(paired.posts.getCount()).isEqualTo(1); // held to this moment
    }
  }

  @Test
  void a_call_whose_post_is_refused_fails() throws Exception {
    try (UpstreamServer server = open()) {
      paired.statusOfCalls = 500;

      assertThat(failed(call("any").of(server)).error().message()).contains("not MCP");
    }
  }
}
