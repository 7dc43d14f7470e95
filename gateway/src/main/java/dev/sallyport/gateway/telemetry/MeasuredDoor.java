package dev.sallyport.gateway.telemetry;

import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.util.Optional;

/** Counts whom the door turns away by the head of a request alone. Thread-safe. */
final class MeasuredDoor implements HttpHandler {
  private final HttpHandler door;
  private final Refusals refusals;
  private final Spans spans;

  MeasuredDoor(HttpHandler door, Refusals refusals, Spans spans) {
    this.door = door;
    this.refusals = refusals;
    this.spans = spans;
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    Optional<HttpAnswer> answer = door.screen(head);
    if (answer.isPresent()) {
      refusals.countStatus(answer.get().status());
    }
    return answer;
  }

  @Override
  public void serve(HttpCall call) {
    spans.within(call.head(), () -> door.serve(call));
  }
}
