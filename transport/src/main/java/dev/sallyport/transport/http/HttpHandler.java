package dev.sallyport.transport.http;

import java.util.Optional;

/** What a listener serves. Both methods are called by many threads at once. */
public interface HttpHandler {
  /**
   * Called on an event loop before the body is read, so it must not block. A present answer is sent
   * and the body is thrown away; an empty one lets the body be read and {@link #serve} be called.
   */
  Optional<HttpAnswer> screen(HttpHead head);

  /**
   * Called on a virtual thread of the request's own, with the whole body. Must answer exactly once
   * before it returns; what is missing then is done for it: no answer becomes a 500, an open stream
   * is ended. An exception becomes a 500 without details, or breaks off the stream.
   */
  void serve(HttpCall call);
}
