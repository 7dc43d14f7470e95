package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpEngine;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of a server goes with it. */
final class LeavingServerTest {
  private static final String OF_ONE = "sallyport_server=\"one\"";
  private static final String OF_TWO = "sallyport_server=\"two\"";

  @TempDir Path folder;

  @Test
  void the_numbers_of_one_that_leaves_go_with_it_and_those_of_one_that_ends_with_all_stay()
      throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    serving.write("callers: anyone", serving.servers("one", "two"));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Sallyport.Surroundings surroundings =
        new Sallyport.Surroundings(
            Map.of("PATH", System.getenv("PATH"), "SALLYPORT_DATA_DIR", folder + "/data"),
            folder.toString(),
            System.getProperty("user.name"),
            new Screen(nowhere, nowhere, false));
    Config config =
        ConfigFile.named(serving.file().toString(), new ServeCommand(surroundings))
            .read(surroundings)
            .config();
    Metrics metrics = new Metrics("x", System::nanoTime);
    try (HttpEngine engine = HttpEngine.begin();
        ConfiguredServer one = begun(config, 0, surroundings, engine, metrics)) {
      try (ConfiguredServer two = begun(config, 1, surroundings, engine, metrics)) {
        call(one);
        call(two);
        assertThat(metrics.page(List.of())).contains(OF_ONE, OF_TWO);

        one.retire(Duration.ofSeconds(1));
        assertThat(metrics.page(List.of())).contains(OF_TWO).doesNotContain(OF_ONE);

        two.nowStopping();
      }
      assertThat(metrics.page(List.of())).as("for the last sending").contains(OF_TWO);
    }
  }

  private static ConfiguredServer begun(
      Config config,
      int which,
      Sallyport.Surroundings surroundings,
      HttpEngine engine,
      Metrics metrics)
      throws CliFault {
    return ConfiguredServer.begin(
        config.servers().get(which), surroundings, engine, metrics, false);
  }

  private static void call(ConfiguredServer server) throws InterruptedException {
    server.standing().settled(new Cancellation(), Duration.ofSeconds(30));
    Outcome outcome =
        server.handle(
            new Exchange(
                "tools/call",
                JsonObject.of("name", Json.of("x")),
                Optional.empty(),
                Origin.of(Caller.local("me"), "/mcp").requested(RpcId.of(1)),
                new ClientContext(
                    ProtocolVersion.LATEST_MODERN,
                    JsonObject.EMPTY,
                    Optional.empty(),
                    Optional.empty()),
                Optional.empty(),
                ClientChannel.NONE,
                new Cancellation()));
    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
  }
}
