package dev.sallyport.interop;

import io.quarkiverse.mcp.server.Prompt;
import io.quarkiverse.mcp.server.PromptArg;
import io.quarkiverse.mcp.server.PromptMessage;
import io.quarkiverse.mcp.server.Resource;
import io.quarkiverse.mcp.server.TextContent;
import io.quarkiverse.mcp.server.TextResourceContents;
import io.quarkiverse.mcp.server.Tool;
import io.quarkiverse.mcp.server.ToolArg;

/** One of each thing that a server of the Quarkus extension can offer. */
public final class Measures {
  @Tool(description = "How long a text is")
  String measure(@ToolArg(description = "Any text") String text) {
    return text.length() + " characters";
  }

  @Resource(uri = "note://quarkus")
  TextResourceContents note() {
    return TextResourceContents.create("note://quarkus", "A note of the Quarkus server.");
  }

  @Prompt(description = "Asks to praise something")
  PromptMessage praise(@PromptArg(description = "What to praise") String what) {
    return PromptMessage.withUserRole(new TextContent("Praise " + what));
  }
}
