package dev.sallyport.upstream.sandbox;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One child's share of a sandbox: how to start it, and what goes when it has ended.
 *
 * @param command all of it, but for what makes it lead a session
 * @param environment all of it
 * @param wrapped whether the process that is started, and its only child, are the sandbox's own
 * @param landlock what it may do, where the kernel is told by the thread that starts it
 */
public record Enclosure(
    List<String> command,
    Map<String, String> environment,
    boolean wrapped,
    Optional<Restriction> landlock,
    Remains remains) {
  private static final Log LOG = Log.of(Enclosure.class);

  /** Rules, and who can put them into force. */
  record Restriction(Landlock landlock, Landlock.Rules rules) {}

  /** What is there only for the child. */
  record Remains(Optional<Path> folder, Optional<ControlGroup> group) {}

  public Enclosure {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Starts it, on a platform thread that stays. */
  public Process start(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process =
        landlock.isPresent()
            ? landlock.get().landlock().start(builder, landlock.get().rules())
            : builder.start();
    if (remains.group().isPresent() && remains.group().get().counts()) {
      remains.group().get().takeIn(process);
    }
    return process;
  }

  /** The child has ended, or did not start. */
  public void dissolve() {
    try {
      if (remains.group().isPresent()) {
        remains.group().get().remove();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a control group is left: {0}", e.getMessage());
    }
    remains.folder().ifPresent(PrivateFolders::delete);
  }

  /** Without arguments and values, which may be secrets. */
  @Override
  public String toString() {
    return "Enclosure[" + command.getFirst() + "]";
  }
}
