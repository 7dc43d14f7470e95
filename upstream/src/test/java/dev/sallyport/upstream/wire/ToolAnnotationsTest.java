package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ToolAnnotationsTest {
  private static final String GOOD =
      "{'name':'good','inputSchema':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}";
  private static final String BAD =
      "{'name':'bad','inputSchema':{'properties':{'a':{'type':'string','x-mcp-header':'%s'},"
          + "'x-mcp-header':{'default':{'x-mcp-header':1}}}},'vendor':1.50}";
  private static final String STRIPPED =
      "{'name':'bad','inputSchema':{'properties':{'a':{'type':'string'},"
          + "'x-mcp-header':{'default':{'x-mcp-header':1}}}},'vendor':1.50}";

  private final FakeWire wire = new FakeWire();
  private final ToolAnnotations annotations = new ToolAnnotations(wire, false);

  /** Cut from a message, as from a server: escapes are still there. */
  private static JsonObject tools(String... tools) {
    String list = "{'tools':[" + String.join(",", tools) + "],'nextCursor':'x'}";
    String text = "{'jsonrpc':'2.0','id':1,'result':" + list + "}";
    Envelope.Reading reading =
        new Envelope(JsonBounds.DEFAULT)
            .readFromServer(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return ((Message.Result) ((Envelope.Reading.Single) reading).message()).result();
  }

  @Test
  void a_list_that_keeps_the_rules_is_passed_on_as_it_is() {
    JsonObject list = tools(GOOD, "{'name':'plain','inputSchema':{}}", "5", "{'name':'none'}");

    assertThat(annotations.check(list)).isSameAs(list);
    assertThat(wire.remarks).isEmpty();
  }

  @Test
  void a_tool_that_breaks_them_goes_without_annotations_and_all_else_stays() {
    JsonObject list = tools(GOOD, BAD.formatted("not a name"));

    assertThat(annotations.check(list)).isEqualTo(tools(GOOD, STRIPPED));
  }

  @Test
  void the_word_may_hide_behind_escapes() {
    String hidden = BAD.formatted("no name").replaceFirst("x-mcp", "\\\\u0078-mcp");

    assertThat(annotations.check(tools(hidden))).isEqualTo(tools(STRIPPED));
  }

  @Test
  void the_operator_learns_of_each_tool_once() {
    annotations.check(tools(BAD.formatted("")));
    annotations.check(
        tools(BAD.formatted(""), BAD.formatted("").replace("'bad'", "'worse\u202e'")));

    assertThat(wire.remarks)
        .extracting(Remark::text)
        .containsExactly(
            "tool bad goes without annotations: x-mcp-header at /a is not a header name",
            "tool worse goes without annotations: x-mcp-header at /a is not a header name");
  }
}
