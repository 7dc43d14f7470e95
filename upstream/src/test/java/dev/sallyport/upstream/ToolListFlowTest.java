package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.wire.Remark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a server's list of tools reaches its callers. */
final class ToolListFlowTest {
  private static final String TOOL =
      "{'name':'weather','inputSchema':{'type':'object','properties':{"
          + "'region':{'type':'string'%s}}},'vendor':1.50}";
  private static final String ANNOTATED = TOOL.formatted(",'x-mcp-header':'%s'");

  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private UpstreamServer listing(String era, String tool) throws Exception {
    return fakes.server(era, "tools=" + tool.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void an_annotation_that_breaks_the_rules_is_left_out_and_the_operator_told(String era)
      throws Exception {
    UpstreamServer server = listing(era, ANNOTATED.formatted("not a name"));

    assertThat(ask("tools/list", "{}").of(server))
        .isEqualTo(new Outcome.Complete(json("{'tools':[" + TOOL.formatted("") + "]}")));
    assertThat(fakes.remark(Remark.AnnotationsStripped.class).tool()).isEqualTo("weather");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void an_annotation_that_keeps_the_rules_stays(String era) throws Exception {
    String tool = ANNOTATED.formatted("Region");
    UpstreamServer server = listing(era, tool);

    assertThat(ask("tools/list", "{}").of(server))
        .isEqualTo(new Outcome.Complete(json("{'tools':[" + tool + "]}")));
  }
}
