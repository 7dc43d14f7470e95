package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LaunchTest {
  @Test
  void what_may_be_secret_is_not_shown() {
    ChildProcess.Launch launch =
        new ChildProcess.Launch(
            List.of("server", "--token=s3cret"),
            Map.of("API_KEY", "s3cret"),
            dev.sallyport.upstream.sandbox.Sandbox.none(),
            "mark",
            Optional.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    assertThat(launch.toString()).isEqualTo("Launch[server, 1 arguments]");
  }
}
