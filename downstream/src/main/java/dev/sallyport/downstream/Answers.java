package dev.sallyport.downstream;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpAnswer;
import java.util.Optional;

/** What goes back over HTTP, in either era. */
public final class Answers {
  private Answers() {}

  /** A JSON-RPC reply under the status its situation has (mcp-reference A.3.1). */
  public static HttpAnswer reply(int status, Message.Reply reply) {
    return HttpAnswer.json(status, reply.toBytes());
  }

  /**
   * A refusal with its challenge and its time to come back.
   *
   * @param id of the request, when it was read (JR-03, JR-04)
   */
  public static HttpAnswer refusal(Refusal refusal, Optional<RpcId> id) {
    HttpAnswer answer =
        reply(refusal.reason().httpStatus(), new Message.Failure(id, refusal.error()));
    if (refusal.challenge().isPresent()) {
      answer = answer.with("WWW-Authenticate", refusal.challenge().get());
    }
    if (refusal.retryAfter().isPresent()) {
      long seconds = Math.max(1, refusal.retryAfter().get().plusMillis(999).toSeconds());
      answer = answer.with("Retry-After", Long.toString(seconds));
    }
    return answer;
  }

  /** A notification or a response was taken (SH-07, LH-07). */
  public static HttpAnswer accepted() {
    return HttpAnswer.empty(202);
  }
}
