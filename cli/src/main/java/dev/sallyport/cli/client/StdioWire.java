package dev.sallyport.cli.client;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.Message;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A child process and its pipes: one message a line. For platform threads, because pipes block. */
public final class StdioWire implements Wire {
  private static final int LONGEST_LINE = 64 * 1024 * 1024;

  private final Envelope envelope = new Envelope(JsonBounds.DEFAULT);
  private final Process child;
  private final OutputStream in;
  private final LineReader out;

  /** Starts the child; its stderr is thrown away. */
  public StdioWire(List<String> command) throws ClientException {
    try {
      child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new ClientException("cannot start " + command.getFirst(), e);
    }
    in = child.getOutputStream();
    out = new LineReader(child.getInputStream(), LONGEST_LINE);
  }

  @Override
  public Answer ask(Message.Request request, Map<String, String> fields) throws ClientException {
    write(request);
    try {
      while (true) {
        switch (out.next()) {
          case Line.Text(byte[] text) -> {
            Optional<Message.Reply> reply = Replies.to(request, envelope.readFromServer(text));
            if (reply.isPresent()) {
              return new Answer(reply.get(), Optional.empty());
            }
          }
          case Line.TooLong _ ->
              throw new ClientException("the server wrote a line that is too long");
          case Line.End _ -> throw new ClientException("the server ended");
        }
      }
    } catch (IOException e) {
      throw new ClientException("the server's output broke", e);
    }
  }

  @Override
  public void tell(Message.Notification notification, Map<String, String> fields)
      throws ClientException {
    write(notification);
  }

  private void write(Message message) throws ClientException {
    try {
      in.write(message.toBytes());
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw new ClientException("the server reads no more", e);
    }
  }

  /** Closes its input, waits, then ends it. */
  @Override
  public void close() {
    try {
      in.close();
      if (!child.waitFor(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly().waitFor();
      }
    } catch (IOException broken) {
      child.destroyForcibly();
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
