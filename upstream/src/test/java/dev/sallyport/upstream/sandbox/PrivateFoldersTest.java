package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFoldersTest {
  @TempDir private Path temporary = Path.of("");

  private PrivateFolders open() throws IOException {
    return PrivateFolders.open(temporary, Optional.empty());
  }

  @Test
  void only_the_owner_may_enter_and_all_of_it_goes_with_the_gateway() throws IOException {
    Path base;
    try (PrivateFolders folders = open()) {
      base = folders.base();
      Path child = folders.child("m1");
      Files.writeString(Files.createDirectories(child.resolve("a/b")).resolve("file"), "x");

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(child)))
          .isEqualTo("rwx------");
    }
    assertThat(base).doesNotExist();
  }

  @Test
  void a_link_is_deleted_and_not_what_it_leads_to() throws IOException {
    Path precious = Files.createDirectory(temporary.resolve("precious"));
    Files.writeString(precious.resolve("file"), "x");
    Path folder = Files.createDirectory(temporary.resolve("going"));
    Files.createSymbolicLink(folder.resolve("link"), precious);
    Files.createSymbolicLink(folder.resolve("file"), precious.resolve("file"));

    PrivateFolders.delete(folder);

    assertThat(folder).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("x");
  }

  @Test
  void what_a_dead_gateway_left_is_swept() throws IOException {
    Path left = Files.createDirectory(temporary.resolve("sallyport-children-1"));
    Files.writeString(left.resolve("lock"), "");

    open().close();

    assertThat(left).doesNotExist();
  }

  @Test
  void what_a_live_one_has_and_what_is_not_ours_stays() throws IOException {
    Path others = Files.createDirectory(temporary.resolve("sallyport-children-2"));
    try (PrivateFolders live = open()) {
      open().close();

      assertThat(live.base()).exists();
      assertThat(others).exists();
    }
  }

  @Test
  void a_home_lasts() throws IOException {
    Path homes = temporary.resolve("data/homes");
    try (PrivateFolders folders = open()) {
      Files.writeString(folders.home(homes, "notes").resolve("cache"), "x");
    }
    try (PrivateFolders folders = open()) {
      assertThat(folders.home(homes, "notes").resolve("cache")).hasContent("x");
    }
  }

  @Test
  void a_link_on_the_way_to_what_is_shared_is_refused() throws IOException {
    Files.createDirectories(temporary.resolve("home/work"));
    Files.createSymbolicLink(temporary.resolve("home/link"), Path.of("/etc"));

    PrivateFolders.requireNoLinks(temporary.resolve("home"), Path.of("work/new/deep"));
    assertThatThrownBy(
            () -> PrivateFolders.requireNoLinks(temporary.resolve("home"), Path.of("link/new")))
        .isInstanceOf(IOException.class);
  }
}
