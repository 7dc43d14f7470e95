package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A made-up machine below a temporary folder: a home with Sallyport's own in it, and more. */
record Machine(Path root) {
  static Machine in(Path folder) throws IOException {
    Machine places = new Machine(folder.toRealPath());
    Files.createDirectories(places.data());
    Files.createDirectories(places.root().resolve("tmp"));
    Files.writeString(places.data().resolve("keys.db"), "secret");
    return places;
  }

  Path home() {
    return root.resolve("home/ann");
  }

  Path data() {
    return home().resolve(".local/share/sallyport");
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  Path file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "#!/usr/bin/env node\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable");
    }
    return file;
  }

  SandboxSettings settings(SandboxChoice choice) {
    return settings(choice, "/usr/bin:/bin");
  }

  /**
   * @param path where the system's tools are looked for
   */
  SandboxSettings settings(SandboxChoice choice, String path) {
    return new SandboxSettings(
        choice,
        ResourceLimits.DEFAULT,
        List.of(),
        List.of(),
        false,
        Optional.empty(),
        new SandboxSettings.Places(
            "notes",
            path,
            home(),
            data(),
            Optional.of(home().resolve("sallyport")),
            data().resolve("homes"),
            root.resolve("tmp")));
  }

  ServerProgram program(Path directory, String... command) {
    return new ServerProgram(
        List.of(command),
        Map.of("PATH", home().resolve(".nvm/v22/bin") + ":/usr/bin:/bin"),
        Set.of(),
        directory);
  }

  /** {@code w} or {@code r}, and the path below the root. */
  List<String> derived(SandboxChoice choice, ServerProgram program) {
    SandboxSettings settings = settings(choice);
    return Derivation.of(settings, program, Territory.of(settings)).allowed().stream()
        .map(one -> (one.write() ? "w " : "r ") + root.relativize(one.seen()))
        .toList();
  }
}
