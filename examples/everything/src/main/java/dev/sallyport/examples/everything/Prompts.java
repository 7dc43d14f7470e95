package dev.sallyport.examples.everything;

import dev.sallyport.server.Ask;
import dev.sallyport.server.Content;
import dev.sallyport.server.Contents;
import dev.sallyport.server.Prompt;
import dev.sallyport.server.PromptMessage;
import java.util.List;
import java.util.stream.Stream;

/** Prompts with each kind of argument and message. */
final class Prompts {
  private static final List<String> SUGGESTIONS = List.of("testValue1", "testValue2", "paris");

  private Prompts() {}

  record Context(String context) {}

  static List<Prompt> all() {
    return List.of(simple(), withArguments(), withEmbeddedResource(), withImage(), asking());
  }

  private static Prompt simple() {
    return Prompt.named("test_simple_prompt")
        .describedAs("One message")
        .answering((_, _) -> List.of(PromptMessage.user("This is a simple prompt for testing.")));
  }

  private static Prompt withArguments() {
    return Prompt.named("test_prompt_with_arguments")
        .describedAs("A message made of two arguments")
        .argument("arg1", "First test argument")
        .argument("arg2", "Second test argument")
        .completing("arg1", typed -> starting(typed.value()).toList())
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(
                        "Prompt with arguments: arg1='%s', arg2='%s'"
                            .formatted(arguments.get("arg1"), arguments.get("arg2")))));
  }

  private static Stream<String> starting(String typed) {
    return SUGGESTIONS.stream().filter(suggestion -> suggestion.startsWith(typed));
  }

  private static Prompt withEmbeddedResource() {
    Contents contents =
        Contents.text("Embedded resource content for testing.").mimeType("text/plain");
    return Prompt.named("test_prompt_with_embedded_resource")
        .describedAs("A resource, and what to do with it")
        .argument("resourceUri", "URI of the resource to embed")
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(Content.resource(arguments.get("resourceUri"), contents)),
                    PromptMessage.user("Please process the embedded resource above.")));
  }

  private static Prompt withImage() {
    return Prompt.named("test_prompt_with_image")
        .describedAs("A picture, and what to do with it")
        .answering(
            (_, _) ->
                List.of(
                    PromptMessage.user(Content.image(Samples.PNG, "image/png")),
                    PromptMessage.user("Please analyze the image above.")));
  }

  private static Prompt asking() {
    return Prompt.named("test_input_required_result_prompt")
        .describedAs("Asks for a context first")
        .answering(
            (_, call) -> {
              String context =
                  call.ask(
                          Ask.form(
                              "user_context", "What context should the prompt use?", Context.class))
                      .accepted()
                      .map(Context::context)
                      .orElse("none");
              return List.of(PromptMessage.user("Use this context: " + context));
            });
  }
}
