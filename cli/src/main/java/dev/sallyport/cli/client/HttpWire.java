package dev.sallyport.cli.client;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.transport.sse.EventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Streamable HTTP: each message is a POST. */
public final class HttpWire implements Wire {
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final Envelope envelope = new Envelope(JsonBounds.DEFAULT);
  private final URI endpoint;
  private final Optional<String> key;
  private final Duration patience;
  private final HttpFaults faults;
  private boolean spoken;

  /**
   * @param key sent as a bearer token; never printed
   * @param patience how long an answer may take
   */
  public HttpWire(URI endpoint, Optional<String> key, Duration patience) {
    this.endpoint = endpoint;
    this.key = key;
    this.patience = patience;
    this.faults = new HttpFaults(endpoint, key.isPresent());
  }

  @Override
  public Answer ask(Message.Request request, Map<String, String> fields) throws ClientException {
    HttpResponse<InputStream> response = send(request, fields);
    String type = response.headers().firstValue("content-type").orElse("");
    BodyLimit limit = BodyLimit.begin(response.body(), patience);
    try (InputStream body = response.body();
        limit) {
      int status = response.statusCode();
      // In any other request, 404 is an answer: of a method that is unknown, or a session.
      boolean nothingThere = status == 404 && Method.INITIALIZE.is(request.method());
      if (status == 401 || status == 403 || nothingThere) {
        throw faults.of(status, "");
      }
      Optional<Message.Reply> reply =
          type.startsWith("text/event-stream")
              ? fromEvents(body, request)
              : reply(body.readNBytes(MOST_BYTES), request);
      if (reply.isPresent() && (status == 200 || reply.get() instanceof Message.Failure)) {
        return new Answer(reply.get(), response.headers().firstValue("mcp-session-id"));
      }
      throw faults.of(status, "without a JSON-RPC reply");
    } catch (IOException e) {
      throw limit.hasPassed()
          ? faults.of(new HttpTimeoutException("in mid-answer"), spoken)
          : new ClientException("the connection broke in mid-answer", e);
    }
  }

  @Override
  public void tell(Message.Notification notification, Map<String, String> fields)
      throws ClientException {
    HttpResponse<InputStream> response = send(notification, fields);
    try (InputStream body = response.body()) {
      if (response.statusCode() / 100 != 2) {
        throw faults.of(response.statusCode(), "to a notification");
      }
      body.skipNBytes(0);
    } catch (IOException e) {
      throw new ClientException("the connection broke", e);
    }
  }

  private HttpResponse<InputStream> send(Message message, Map<String, String> fields)
      throws ClientException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(endpoint)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(message.toBytes()));
    fields.forEach(builder::header);
    key.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
    try {
      HttpResponse<InputStream> response = http.send(builder.build(), BodyHandlers.ofInputStream());
      spoken = true;
      return response;
    } catch (IOException e) {
      throw faults.of(e, spoken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException("interrupted", e);
    }
  }

  private Optional<Message.Reply> fromEvents(InputStream body, Message.Request request)
      throws IOException {
    EventParser parser = new EventParser(MOST_BYTES);
    AtomicReference<Optional<Message.Reply>> found = new AtomicReference<>(Optional.empty());
    byte[] chunk = new byte[8_192];
    for (int read = body.read(chunk); read >= 0 && found.get().isEmpty(); read = body.read(chunk)) {
      parser.feed(
          chunk,
          0,
          read,
          event -> reply(event.data(), request).ifPresent(reply -> found.set(Optional.of(reply))));
      if (found.get().isPresent()) {
        break;
      }
    }
    return found.get();
  }

  private Optional<Message.Reply> reply(byte[] text, Message.Request request) {
    return Replies.to(request, envelope.readFromServer(text));
  }

  @Override
  public void close() {
    http.close();
  }
}
