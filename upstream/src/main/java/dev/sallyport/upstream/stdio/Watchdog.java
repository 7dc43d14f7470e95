package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is left to end the children when this program is killed with {@code kill -9}: a small
 * process in a session of its own that holds a pipe from us. While the pipe is open it takes note
 * of the groups we have; when it closes, it kills those groups and sessions and whatever carries
 * our mark. A process that left its session and dropped its environment escapes it; one in a pid
 * namespace does not, and does not need it. Confined to the thread that starts children.
 */
final class Watchdog {
  private static final Log LOG = Log.of(Watchdog.class);

  /**
   * For any POSIX shell, with nothing but {@code grep} and {@code cat}. The groups go first and at
   * once; then three rounds over all processes, since what is killed may still fork. Kills by id
   * only what it found in that very round, and starts next to no process for it.
   */
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      mark=$1 groups=' ' starting=
      while read -r what id; do
        case $what in
          '?') starting=yes ;;
          +) groups="$groups$id " starting= ;;
          -) case $groups in *" $id "*) groups=${groups%%" $id "*}" ${groups#*" $id "}" ;; esac ;;
        esac
      done
      [ "$groups$starting" = ' ' ] && exit 0
      for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done
      for round in 1 2 3; do
        for file in $(grep -lF "$mark" /proc/[1-9]*/environ 2>/dev/null); do
          pid=${file#/proc/}
          kill -s KILL "${pid%/environ}" 2>/dev/null
        done
        for folder in /proc/[1-9]*; do
          read -r line 2>/dev/null <"$folder/stat" || continue
          case $line in *') '*) ;; *) line=$(cat "$folder/stat" 2>/dev/null) || continue ;; esac
          set -- ${line##*) }
          case $groups in *" $3 "* | *" $4 "*) kill -s KILL "${folder#/proc/}" 2>/dev/null ;; esac
        done
      done
      """;

  private static final Path SHELL = Path.of("/bin/sh");

  private final String mark;
  private final Set<Long> groups = new HashSet<>();
  private Optional<Process> process = Optional.empty();

  /**
   * @param mark what the environment of all our children has, and nobody else's: a variable and the
   *     beginning of its value
   */
  Watchdog(String mark) {
    this.mark = mark;
  }

  /** Whether there can be one on this system. */
  static boolean isPossible() {
    return Files.isExecutable(SHELL) && Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** Makes it ready. */
  void stand() {
    tell("");
  }

  /** Before a child is started, whose group nobody knows yet. */
  void expect() {
    tell("? 0\n");
  }

  /**
   * Has a group ended with us from now on.
   *
   * @param leader its id, which is that of its session too
   */
  void watch(long leader) {
    groups.add(leader);
    tell("+ " + leader + "\n");
  }

  void forget(long leader) {
    groups.remove(leader);
    tell("- " + leader + "\n");
  }

  private void tell(String line) {
    if (!isPossible()) {
      return;
    }
    try {
      if (process.filter(Process::isAlive).isEmpty()) {
        process = Optional.of(start());
        for (Long leader : groups) {
          write(process.get(), "+ " + leader + "\n");
        }
      }
      write(process.get(), line);
    } catch (IOException e) {
      // Every other way out still ends the children; the next one tries again.
      LOG.log(System.Logger.Level.WARNING, "no watchdog: {0}", e.getMessage());
      process.ifPresent(Process::destroyForcibly);
    }
  }

  private static void write(Process to, String line) throws IOException {
    OutputStream pipe = to.getOutputStream();
    pipe.write(line.getBytes(StandardCharsets.US_ASCII));
    pipe.flush(); // Far shorter than a pipe is deep, and read at once.
  }

  private Process start() throws IOException {
    Stream<String> ownSession = ChildProcess.SETSID.stream().map(Path::toString);
    Stream<String> watch = Stream.of(SHELL.toString(), "-c", SCRIPT, "sallyport-watchdog", mark);
    ProcessBuilder builder = new ProcessBuilder(Stream.concat(ownSession, watch).toList());
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }
}
