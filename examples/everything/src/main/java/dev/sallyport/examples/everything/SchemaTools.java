package dev.sallyport.examples.everything;

import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import dev.sallyport.server.schema.Description;
import dev.sallyport.server.schema.McpHeader;
import java.util.List;

/** Tools that matter for what they say of their arguments. */
final class SchemaTools {
  private SchemaTools() {}

  record CustomHeader(
      @Description("Repeated in a header by HTTP clients") @McpHeader("Value") String value) {}

  private static final String CONTACT =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
          "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
          }
        },
        "properties": {
          "name": {"type": "string"},
          "address": {"$ref": "#/$defs/address"},
          "contactMethod": {"type": "string", "enum": ["phone", "email"]},
          "phone": {"type": "string"},
          "email": {"type": "string"}
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false
      }
      """;

  static List<Tool> all() {
    return List.of(everyKeyword(), customHeader());
  }

  private static Tool everyKeyword() {
    return Tool.named("json_schema_2020_12_tool")
        .describedAs("Has an input schema with most keywords of JSON Schema 2020-12")
        .inputSchema(CONTACT)
        .answering(
            (arguments, _) ->
                ToolResult.text("JSON Schema 2020-12 tool called with: " + arguments.names()));
  }

  private static Tool customHeader() {
    return Tool.named("test_custom_header")
        .describedAs("Has an argument that is repeated in a header")
        .readOnly()
        .input(CustomHeader.class)
        .answering((input, _) -> ToolResult.text("Value: " + input.value()));
  }
}
