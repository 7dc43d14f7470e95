package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServeFlagsTest {
  /** Each as it is asked for, and where a client must then post to. */
  @ParameterizedTest
  @CsvSource({
    "--json, ''",
    "--public-url https://mcp.example/team/mcp, ''",
    "--sse, /messages",
    "--sse --public-url https://mcp.example/mcp, /messages",
    "--sse --public-url https://mcp.example, /messages",
    "--sse --public-url https://mcp.example/team/mcp, /team/messages",
    "--sse --public-url https://mcp.example/team/mcp?a=b, /team/messages",
    "--sse --public-url https://mcp.example//evil.example/mcp, /evil.example/messages",
    "--sse --public-url https://mcp.example/täm/mcp, /t%C3%A4m/messages"
  })
  void the_older_transport_is_off_unless_asked_for_and_beside_the_public_url(
      String flags, String shown) throws CliFault {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    ShareCommand share =
        new ShareCommand(
            new Sallyport.Surroundings(
                Map.of(), "/home/a", "a", new Screen(nowhere, nowhere, false)));
    Arguments arguments = ArgumentParser.parse(share, List.of((flags + " x").split(" ", -1)));

    assertThat(ServeFlags.read(arguments).ssePaths().map(paths -> paths.shown()).orElse(""))
        .isEqualTo(shown);
  }
}
