import com.google.googlejavaformat.java.Main;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs google-java-format over source folders: {@code check DIR...} or {@code replace DIR...}. Started as a source file
 * on the JDK the project is built with, because the formatter must parse Java 25 even when Maven runs on something
 * older. A folder that does not exist has nothing to format.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean replace = args[0].equals("replace");
    List<String> command = new ArrayList<>();
    command.addAll(replace ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    int options = command.size();
    for (String folder : Arrays.asList(args).subList(1, args.length)) {
      if (Files.isDirectory(Path.of(folder))) {
        try (var files = Files.walk(Path.of(folder))) {
          files.map(Path::toString).filter(file -> file.endsWith(".java")).sorted().forEach(command::add);
        }
      }
    }
    if (command.size() == options) {
      return;
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exit = new Main(out, err, System.in).format(command.toArray(String[]::new));
    out.flush();
    err.flush();
    if (exit != 0 && !replace) {
      System.err.println("The files above are not formatted. To fix: ./format");
    }
    System.exit(exit);
  }
}
