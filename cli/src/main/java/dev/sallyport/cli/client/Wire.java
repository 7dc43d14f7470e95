package dev.sallyport.cli.client;

import dev.sallyport.protocol.Message;
import java.util.Map;
import java.util.Optional;

/** Carries messages to one server, one request at a time. Confined to one thread. */
public interface Wire extends AutoCloseable {

  /**
   * What came back.
   *
   * @param session the session the server named, on HTTP
   */
  record Answer(Message.Reply reply, Optional<String> session) {}

  /**
   * Sends a request and waits for its reply; notifications before it are passed over.
   *
   * @param fields HTTP fields; of no meaning on a pipe
   */
  Answer ask(Message.Request request, Map<String, String> fields) throws ClientException;

  void tell(Message.Notification notification, Map<String, String> fields) throws ClientException;

  @Override
  void close();
}
