package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountTest {
  @TempDir private Path folder = Path.of("");
  private Path passwd = Path.of("");

  @BeforeEach
  void users() throws IOException {
    passwd = folder.resolve("passwd");
    Files.writeString(
        passwd, "root:x:0:0:root:/root:/bin/sh\nmcp:x:998:997::/srv/mcp:\nodd:x:-1:0::/x:\n");
  }

  @Test
  void a_user_of_this_machine_is_found() throws IOException {
    assertThat(Account.find("mcp", passwd))
        .contains(new Account("mcp", 998, 997, Path.of("/srv/mcp")));
  }

  @Test
  void an_unknown_one_and_an_odd_one_are_not() throws IOException {
    assertThat(Account.find("nobody-here", passwd)).isEmpty();
    assertThat(Account.find("odd", passwd)).isEmpty();
    assertThat(Account.find("mc", passwd)).isEmpty();
  }
}
