package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a child sees, as rules for {@link Landlock}. */
final class LandlockRules {
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
      made.allow(one.real(), one.write() ? Landlock.Right.WRITE : Landlock.Right.READ);
    }
    return new Landlock.Rules(made.rules, view.network());
  }

  private void add(Path path, Landlock.Right right) {
    rules.add(new Landlock.Rule(path, right));
  }

  /** Rules only add up, so of a folder that holds a masked one all the others are allowed. */
  private void allow(Path path, Landlock.Right right) throws IOException {
    if (view.masked().stream().anyMatch(path::startsWith)) {
      return;
    }
    if (view.masked().stream().noneMatch(masked -> masked.startsWith(path))) {
      add(path, right);
      return;
    }
    int neighbours = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (++neighbours > MOST_NEIGHBOURS) {
          throw new IOException("too much beside Sallyport's own folder in " + path);
        }
        if (!Files.isSymbolicLink(entry)) { // what it leads to is another path
          allow(entry, right);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
