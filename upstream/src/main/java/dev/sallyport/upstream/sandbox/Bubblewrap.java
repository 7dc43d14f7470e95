package dev.sallyport.upstream.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The arguments for {@code bwrap}. Of the environment none are made: arguments can be read by every
 * user of the machine.
 *
 * @param program where it is
 * @param help what it says of itself, which tells what it can do
 */
record Bubblewrap(Path program, String help) {
  /**
   * Everything in front of the command.
   *
   * @param strict also forbids further user namespaces, which some browsers make for themselves
   */
  List<String> arguments(View view, boolean strict) {
    List<String> all = new ArrayList<>(List.of(program.toString()));
    all.addAll(
        List.of(
            "--unshare-user",
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--die-with-parent",
            "--cap-drop",
            "ALL"));
    if (!view.network()) {
      all.add("--unshare-net");
    }
    if (strict && help.contains("--disable-userns")) {
      all.add("--disable-userns");
    }
    system(all);
    own(all, view.temporary());
    view.home().ifPresent(home -> bind(all, home));
    view.allowed().forEach(one -> bind(all, one));
    masks(view).forEach(path -> all.addAll(List.of("--tmpfs", path.toString())));
    all.addAll(List.of("--dir", view.directory().toString(), "--remount-ro", "/"));
    all.addAll(List.of("--chdir", view.directory().toString(), "--"));
    return all;
  }

  private static void system(List<String> all) {
    for (Path folder : SystemView.programs()) {
      if (Files.isSymbolicLink(folder)) {
        all.addAll(List.of("--symlink", Territory.real(folder).toString(), folder.toString()));
      } else {
        all.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
      }
    }
    for (Path file : SystemView.settings()) {
      all.addAll(List.of("--ro-bind-try", file.toString(), file.toString()));
    }
  }

  /** Processes, devices and temporary files of its own. */
  private void own(List<String> all, OptionalLong size) {
    all.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    // Who owns a setting of the kernel may write it, and root inside owns what root outside does,
    // capabilities or not.
    for (Path settings : SystemView.kernelSettings()) {
      all.addAll(List.of("--ro-bind", settings.toString(), settings.toString()));
    }
    for (String folder : List.of("/dev/shm", "/tmp")) {
      if (size.isPresent() && help.contains("--size")) {
        all.addAll(List.of("--size", Long.toString(size.getAsLong())));
      }
      all.addAll(List.of("--tmpfs", folder));
    }
    all.addAll(List.of("--remount-ro", "/dev"));
  }

  private static void bind(List<String> all, Allowance one) {
    all.addAll(
        List.of(
            one.write() ? "--bind" : "--ro-bind", one.real().toString(), one.seen().toString()));
  }

  /** Where the masked folders would be seen: below something that is allowed. */
  private static List<Path> masks(View view) {
    return view.masked().stream()
        .flatMap(
            masked ->
                view.allowed().stream()
                    .filter(one -> masked.startsWith(one.real()) && Files.isDirectory(masked))
                    .map(one -> one.seen().resolve(one.real().relativize(masked))))
        .distinct()
        .toList();
  }
}
