package dev.sallyport.gateway.telemetry.otel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Takes what OTLP sends over HTTP, reads it with the protocol's own definitions, and keeps it. */
final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final Semaphore arrived = new Semaphore(0);

  /** One request as it came. */
  record Post(String path, Map<String, List<String>> headers, ByteString body) {}

  private OtlpReceiver(HttpServer server) {
    this.server = server;
  }

  static OtlpReceiver open() throws IOException {
    OtlpReceiver receiver =
        new OtlpReceiver(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50));
    receiver.server.createContext("/", receiver::take);
    receiver.server.start();
    return receiver;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      posts.add(
          new Post(
              exchange.getRequestURI().getPath(),
              Map.copyOf(exchange.getRequestHeaders()),
              ByteString.readFrom(exchange.getRequestBody())));
      arrived.release();
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns when so many more have come. */
  void awaitPosts(int count) throws InterruptedException {
    arrived.acquire(count);
  }

  List<Post> posts() {
    return List.copyOf(posts);
  }

  /** All that came, as bytes that are letters where they are letters. */
  String everything() {
    StringBuilder all = new StringBuilder();
    posts.forEach(post -> all.append(post.body().toString(StandardCharsets.ISO_8859_1)));
    return all.toString();
  }

  List<Span> spans() {
    return posts.stream()
        .filter(post -> post.path().equals("/v1/traces"))
        .flatMap(post -> traces(post).getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  Span span(Span.SpanKind kind, String name) {
    return spans().stream()
        .filter(span -> span.getKind() == kind && span.getName().equals(name))
        .reduce((a, b) -> b)
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + spans()));
  }

  static ExportTraceServiceRequest traces(Post post) {
    try {
      return ExportTraceServiceRequest.parseFrom(post.body());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of the last time that numbers were sent. */
  Map<String, Metric> metrics() {
    Map<String, Metric> all = new TreeMap<>();
    posts.stream()
        .filter(post -> post.path().equals("/v1/metrics"))
        .flatMap(post -> numbers(post).getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .forEach(metric -> all.put(metric.getName(), metric));
    return all;
  }

  private static ExportMetricsServiceRequest numbers(Post post) {
    try {
      return ExportMetricsServiceRequest.parseFrom(post.body());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By their names, as text. */
  static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> all = new TreeMap<>();
    for (KeyValue each : attributes) {
      AnyValue value = each.getValue();
      all.put(
          each.getKey(),
          value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
    }
    return all;
  }

  static Map<String, String> attributes(Span span) {
    return attributes(span.getAttributesList());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
