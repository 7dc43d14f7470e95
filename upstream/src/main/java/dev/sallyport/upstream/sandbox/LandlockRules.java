package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a child sees, as rules for {@link Landlock}. */
final class LandlockRules {
  static final String TOO_MUCH = "too much beside Sallyport's own folder";

  private static final int MOST_NEIGHBOURS = 1_000;

  private final View view;
  private final List<Landlock.Rule> rules = new ArrayList<>();

  private LandlockRules(View view) {
    this.view = view;
  }

  /**
   * @param java the running one, whose helper is what starts processes
   * @param scratch the child's own folder
   * @throws IOException when something allowed holds what is masked and cannot be taken apart
   */
  static Landlock.Rules of(View view, Path java, Optional<Path> scratch) throws IOException {
    LandlockRules made = new LandlockRules(view);
    SystemView.programs().forEach(path -> made.add(path, Landlock.Right.READ));
    SystemView.settings().forEach(path -> made.add(path, Landlock.Right.READ));
    SystemView.facts().forEach(path -> made.add(path, Landlock.Right.READ));
    SystemView.devices().forEach(path -> made.add(path, Landlock.Right.DEVICE));
    made.add(java, Landlock.Right.READ);
    scratch.ifPresent(path -> made.add(path, Landlock.Right.WRITE));
    view.home().ifPresent(home -> made.add(home.real(), Landlock.Right.WRITE));
    for (Allowance one : view.allowed()) {
      made.allow(
          one.real(), one.write() ? Landlock.Right.WRITE : Landlock.Right.READ, made.apart(one));
    }
    return new Landlock.Rules(made.rules, view.network());
  }

  private void add(Path path, Landlock.Right right) {
    rules.add(new Landlock.Rule(path, right));
  }

  /** Rules only add up, so of a folder that holds one that is kept apart all others are allowed. */
  private void allow(Path path, Landlock.Right right, List<Path> apart) throws IOException {
    if (apart.stream().anyMatch(path::startsWith)) {
      return;
    }
    if (apart.stream().noneMatch(each -> each.startsWith(path))) {
      add(path, right);
      return;
    }
    int neighbours = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (++neighbours > MOST_NEIGHBOURS) {
          throw new IOException(TOO_MUCH + " in " + path);
        }
        if (!Files.isSymbolicLink(entry)) { // what it leads to is another path
          allow(entry, right, apart);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** What is masked; and what in a folder that may be written may only be read. */
  private List<Path> apart(Allowance one) {
    Stream<Path> readOnly =
        view.allowed().stream()
            .filter(other -> one.write() && !other.write() && !other.real().equals(one.real()))
            .map(Allowance::real)
            .filter(real -> real.startsWith(one.real()));
    return Stream.concat(view.masked().stream(), readOnly).toList();
  }
}
