package dev.sallyport.examples.everything;

import dev.sallyport.server.Content;
import dev.sallyport.server.Contents;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import java.util.List;

/** Tools that answer with one kind of content each. */
final class ContentTools {
  private ContentTools() {}

  static List<Tool> all() {
    return List.of(text(), image(), audio(), embeddedResource(), multipleTypes(), error());
  }

  private static Tool text() {
    return Tool.named("test_simple_text")
        .describedAs("Answers with text")
        .readOnly()
        .answering(_ -> ToolResult.text("This is a simple text response for testing."));
  }

  private static Tool image() {
    return Tool.named("test_image_content")
        .describedAs("Answers with a picture")
        .readOnly()
        .answering(_ -> ToolResult.of(Content.image(Samples.PNG, "image/png")));
  }

  private static Tool audio() {
    return Tool.named("test_audio_content")
        .describedAs("Answers with sound")
        .readOnly()
        .answering(_ -> ToolResult.of(Content.audio(Samples.WAV, "audio/wav")));
  }

  private static Tool embeddedResource() {
    Contents contents =
        Contents.text("This is an embedded resource content.").mimeType("text/plain");
    return Tool.named("test_embedded_resource")
        .describedAs("Answers with a resource")
        .readOnly()
        .answering(_ -> ToolResult.of(Content.resource("test://embedded-resource", contents)));
  }

  private static Tool multipleTypes() {
    Contents json = Contents.text("{\"test\":\"data\",\"value\":123}").mimeType("application/json");
    return Tool.named("test_multiple_content_types")
        .describedAs("Answers with text, a picture and a resource")
        .readOnly()
        .answering(
            _ ->
                ToolResult.of(
                    Content.text("Multiple content types test:"),
                    Content.image(Samples.PNG, "image/png"),
                    Content.resource("test://mixed-content-resource", json)));
  }

  private static Tool error() {
    return Tool.named("test_error_handling")
        .describedAs("Fails")
        .readOnly()
        .answering(_ -> ToolResult.error("This tool intentionally returns an error for testing"));
  }
}
