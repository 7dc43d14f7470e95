package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import dev.sallyport.upstream.wire.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads the lines one child writes and hands them to the router. Confined to the child's reading
 * thread; never blocks but to read.
 */
final class ChildReader {
  private static final Log LOG = Log.of(ChildReader.class);
  // A server's answer may be large; that is what the bound on lines is for.
  private static final Envelope ENVELOPE =
      new Envelope(new JsonBounds(256, 1_000, 10_000, 10_000_000));

  private static final int BEGINNING = 256;

  private final LineReader lines;
  private final int mostGarbage;
  private final Router router;
  private final Runnable tooLong;
  private final Runnable heard;

  /**
   * @param tooLong told of each line that was skipped
   * @param heard told of each other line, before it is routed
   */
  ChildReader(
      InputStream stdout, WireBounds bounds, Router router, Runnable tooLong, Runnable heard) {
    lines = new LineReader(stdout, bounds.lineBytes());
    mostGarbage = bounds.garbage();
    this.router = router;
    this.tooLong = tooLong;
    this.heard = heard;
  }

  /**
   * Returns when the child has closed its output, or writes nothing but garbage.
   *
   * @return false when it was garbage
   */
  boolean run() {
    int garbage = 0;
    try {
      while (garbage <= mostGarbage) {
        switch (lines.next()) {
          case Line.Text text -> garbage = take(text.utf8()) ? 0 : garbage + 1;
          case Line.TooLong skipped -> tooLong.run();
          case Line.End end -> {
            return true;
          }
        }
      }
    } catch (IOException closed) {
      // The pipe went away with the process: the end, told differently.
      LOG.log(System.Logger.Level.DEBUG, "a child's output: {0}", closed.getMessage());
      return true;
    }
    return false;
  }

  private boolean take(byte[] line) {
    heard.run();
    Envelope.Reading reading = ENVELOPE.readFromServer(line);
    if (reading instanceof Envelope.Reading.Broken broken
        && broken.error().code() == RpcError.PARSE
        && isLikeAnAnswer(line)) {
      router.lostAnswer("The server's answer could not be read");
    }
    return router.take(reading, Optional.empty());
  }

  /** By its beginning, since the rest makes no sense: neither a stray print nor a notification. */
  private static boolean isLikeAnAnswer(byte[] line) {
    String beginning =
        new String(line, 0, Math.min(line.length, BEGINNING), StandardCharsets.ISO_8859_1);
    return beginning.startsWith("{\"jsonrpc\"") && !beginning.contains("\"method\"");
  }
}
