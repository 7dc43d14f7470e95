package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReadmeTest {
  @Test
  void the_program_in_the_readme_is_the_one_that_is_compiled_and_run_here() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/sallyport/server/snippet/Greeter.java"));
    String program = source.substring(source.indexOf("import "));

    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + program + "```");
  }
}
