package dev.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the rules are held against: all that the modules have under {@code src/main/java}, as text
 * and as built.
 */
final class Product {
  static final String ROOT_PACKAGE = "dev.sallyport";

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Product() {}

  static JavaClasses classes() {
    return Imported.CLASSES;
  }

  static JavaClasses samples() {
    return Imported.SAMPLES;
  }

  static List<Source> sources() {
    return modules()
        .flatMap(module -> under(module.resolve("src/main/java"), ".java"))
        .map(Product::read)
        .toList();
  }

  static List<Source> tests() {
    return modules()
        .flatMap(module -> under(module.resolve("src/test/java"), ".java"))
        .map(Product::read)
        .toList();
  }

  /** All decision records in one text. */
  static String decisions() {
    return String.join(
        "\n", under(ROOT.resolve("docs/decisions"), ".md").map(file -> read(file).text()).toList());
  }

  /** The slow suites of {@code ./test}. */
  static List<Source> suites() {
    return under(ROOT.resolve("interop/suites"), "").map(Product::read).toList();
  }

  static String contributing() {
    return read(ROOT.resolve("CONTRIBUTING.md")).text();
  }

  private static Stream<Path> modules() {
    return Stream.of(ROOT, ROOT.resolve("examples"))
        .flatMap(Product::folders)
        .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
        .sorted();
  }

  private static Stream<Path> folders(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> under(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(Path file) {
    try {
      return new Source(
          ROOT.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Read once and when first asked for: it takes seconds. */
  private static final class Imported {
    /** From the target folders, not from jars: those may be of an older build. */
    static final JavaClasses CLASSES =
        new ClassFileImporter()
            .importPaths(
                modules()
                    .map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .toList());

    /** The violating classes that the tests keep beside the rules. */
    static final JavaClasses SAMPLES =
        new ClassFileImporter().importPackages(ROOT_PACKAGE + ".architecture.sample");
  }
}
