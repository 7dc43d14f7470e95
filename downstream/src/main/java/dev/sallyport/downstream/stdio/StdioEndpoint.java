package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.downstream.Workers;
import dev.sallyport.downstream.legacy.Handshake;
import dev.sallyport.downstream.legacy.LegacyPipe;
import dev.sallyport.downstream.modern.ModernProtocol;
import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import dev.sallyport.transport.stdio.LineWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves one client over a pipe. {@link #run} reads until the input ends, and returns once nothing
 * is left to do; each request is carried out on a thread of its own.
 *
 * <pre>{@code
 * new StdioEndpoint(System.in, out, Identity.local(user), handler, StdioOptions.DEFAULT,
 *     Clock.systemUTC(), new SecureRandom()).run();
 * }</pre>
 */
public final class StdioEndpoint {
  private static final Log LOG = Log.of(StdioEndpoint.class);

  /** There is one route on a pipe. */
  public static final String ROUTE = "stdio";

  /** How long cancelled requests may take to notice. */
  private static final Duration ENDING = Duration.ofSeconds(2);

  private final InputStream in;
  private final OutputStream out;
  private final Identity who;
  private final Handler handler;
  private final StdioOptions options;
  private final Clock clock;
  private final SecureRandom random;

  public StdioEndpoint(
      InputStream in,
      OutputStream out,
      Identity who,
      Handler handler,
      StdioOptions options,
      Clock clock,
      SecureRandom random) {
    this.in = in;
    this.out = out;
    this.who = who;
    this.handler = handler;
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  /** To be called on a platform thread: a silent client blocks it. */
  public void run() {
    Classifier classifier = new Classifier(options.eras());
    Workers workers = new Workers("stdio-request", options.concurrent());
    try (LineWriter lines =
            new LineWriter(out, options.queueBytes(), options.writeDeadline(), "stdio-writer");
        ModernProtocol protocol =
            new ModernProtocol(
                ROUTE,
                classifier.served(),
                options.calls(),
                ToolGroups.ONE,
                handler,
                clock,
                random)) {
      Output output = new Output(lines);
      Handshake handshake =
          new Handshake(ROUTE, classifier.withHandshake(), handler, options.sessions(), random);
      LegacyPipe legacy =
          new LegacyPipe(
              handshake, who.caller(), new StdioEnd(output, workers), options.sessions().batch());
      ModernPipe modern = new ModernPipe(protocol, who, output, workers);
      try {
        read(classifier, legacy, modern, output);
      } finally {
        end(legacy, modern, workers);
      }
    }
  }

  private void read(Classifier classifier, LegacyPipe legacy, ModernPipe modern, Output output) {
    LineReader lines = new LineReader(in, options.lineBytes());
    Envelope envelope = new Envelope(options.json());
    try {
      for (Line line = lines.next(); !(line instanceof Line.End); line = lines.next()) {
        switch (line) {
          case Line.Text(var utf8) ->
              receive(envelope.readFromClient(utf8), classifier, legacy, modern);
          case Line.TooLong _ ->
              output.fail(Optional.empty(), RpcError.invalidRequest("The message is too long"));
          case Line.End _ -> {}
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The input broke", e); // as good as its end
    }
  }

  private void receive(
      Reading reading, Classifier classifier, LegacyPipe legacy, ModernPipe modern) {
    if (reading instanceof Reading.Single(Message.Request request)
        && classifier.isModern(request)) {
      modern.request(request);
      return;
    }
    if (reading instanceof Reading.Single(Message.Notification notification)
        && Method.CANCELLED.is(notification.method())) {
      // Which era the request was of, only its id can tell.
      notification
          .params()
          .get("requestId")
          .filter(RpcId::isId)
          .map(RpcId::new)
          .ifPresent(modern::cancel);
    }
    legacy.receive(reading, who.claims());
  }

  /**
   * SS-05. Nothing more is asked, but what is nearly done may still be answered: whoever writes
   * requests into a pipe and closes it, reads the answers.
   */
  private void end(LegacyPipe legacy, ModernPipe modern, Workers workers) {
    modern.drain();
    workers.awaitIdle(options.grace());
    modern.close();
    legacy.close();
    workers.awaitIdle(ENDING);
  }
}
