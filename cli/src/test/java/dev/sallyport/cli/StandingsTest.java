package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.telemetry.ServerReading;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.upstream.ServerCounts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandingsTest {
  /** Speaks just enough of a version with a handshake. */
  private static final String SERVER =
      """
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) answer='"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}' ;;
          *'"ping"'*) answer='"result":{}' ;;
          *) answer='"error":{"code":-32601,"message":"no"}' ;;
        esac
        [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,%s}\\n' "$id" "$answer"
      done
      """;

  @TempDir Path folder;

  @Test
  void a_server_that_is_up_and_one_that_does_not_start_both_have_numbers() throws Exception {
    Path script = Program.script(folder.resolve("server"), SERVER);
    Path file = folder.resolve("sallyport.yaml");
    Files.writeString(
        file,
        """
        servers:
          there:
            command: %s
          gone:
            command: %s
        """
            .formatted(script, folder.resolve("nothing")));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Sallyport.Surroundings surroundings =
        new Sallyport.Surroundings(
            Map.of(
                "PATH",
                System.getenv("PATH"),
                "SALLYPORT_DATA_DIR",
                folder.resolve("data").toString()),
            folder.toString(),
            System.getProperty("user.name"),
            new Screen(nowhere, nowhere, false));
    try (HttpEngine engine = HttpEngine.begin();
        Fleet fleet = new Fleet(surroundings, engine, Telemetry.NONE, false)) {
      assertThat(fleet.become(config(file)).before()).isEmpty();
      assertThat(fleet.settled(new Cancellation())).isTrue();

      List<ServerReading> readings = new Standings(fleet, List.of("http://here")).readings();

      assertThat(readings).extracting(ServerReading::name).containsExactly("there", "gone");
      ServerCounts up = readings.getFirst().counts();
      assertThat(up.up()).isTrue();
      assertThat(up.processes()).isEqualTo(1);
      assertThat(up.events()).containsEntry("started", 1L);
      assertThat(readings.getLast().counts()).isEqualTo(ServerCounts.NOT_UP);
    }
  }

  private static Config config(Path file) throws IOException {
    return switch (ConfigReader.read(file, Map.of())) {
      case Reading.Sound sound -> sound.config();
      case Reading.Faulty(var faults) -> throw new IOException(String.valueOf(faults));
    };
  }
}
