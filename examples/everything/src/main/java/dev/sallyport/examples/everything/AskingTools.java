package dev.sallyport.examples.everything;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.Ask;
import dev.sallyport.server.Capability;
import dev.sallyport.server.Elicited;
import dev.sallyport.server.Sampling;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import dev.sallyport.server.schema.Default;
import dev.sallyport.server.schema.Description;
import dev.sallyport.server.schema.Literals;
import dev.sallyport.server.schema.RecordSchema;
import java.util.List;

/** Tools that ask the client one thing. */
final class AskingTools {
  private AskingTools() {}

  record SamplingInput(@Description("What to ask the model") String prompt) {}

  record ElicitationInput(@Description("What to ask the person") String message) {}

  record UserResponse(
      @Description("User's response") String username,
      @Description("User's email address") String email) {}

  // Lower case, because the constants are what the client sees.
  enum Status {
    active,
    inactive,
    pending
  }

  record Defaults(
      @Description("User name") @Default("John Doe") String name,
      @Description("User age") @Default("30") int age,
      @Description("User score") @Default("95.5") double score,
      @Description("User status") @Default("active") Status status,
      @Description("Verification status") @Default("true") boolean verified) {}

  /** Every way to write down a choice; the third is the one of 2025-06-18. */
  private static final JsonObject CHOICES =
      Literals.object(
          """
          {
            "type": "object",
            "properties": {
              "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
              "titledSingle": {
                "type": "string",
                "oneOf": [
                  {"const": "value1", "title": "First Option"},
                  {"const": "value2", "title": "Second Option"},
                  {"const": "value3", "title": "Third Option"}
                ]
              },
              "legacyEnum": {
                "type": "string",
                "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"]
              },
              "untitledMulti": {
                "type": "array",
                "items": {"type": "string", "enum": ["option1", "option2", "option3"]}
              },
              "titledMulti": {
                "type": "array",
                "items": {
                  "anyOf": [
                    {"const": "value1", "title": "First Choice"},
                    {"const": "value2", "title": "Second Choice"},
                    {"const": "value3", "title": "Third Choice"}
                  ]
                }
              }
            }
          }
          """);

  static List<Tool> all() {
    return List.of(
        sampling(),
        elicitation(),
        elicitationWithDefaults(),
        elicitationOfChoices(),
        missingCapability(),
        elicitationOnTheStream());
  }

  private static Tool sampling() {
    return Tool.named("test_sampling")
        .describedAs("Asks the client's model")
        .input(SamplingInput.class)
        .answering(
            (input, call) ->
                ToolResult.text(
                    "LLM response: "
                        + call.ask(
                                Ask.sampling(
                                    "sampling", Sampling.of(input.prompt()).maxTokens(100)))
                            .text()));
  }

  private static Tool elicitation() {
    return Tool.named("test_elicitation")
        .describedAs("Asks the client's user")
        .input(ElicitationInput.class)
        .answering(
            (input, call) -> {
              Elicited<UserResponse> answer =
                  call.ask(Ask.form("response", input.message(), UserResponse.class));
              return ToolResult.text(
                  "User response: action: " + answer.action() + ", content: " + json(answer));
            });
  }

  private static Tool elicitationWithDefaults() {
    return Tool.named("test_elicitation_sep1034_defaults")
        .describedAs("Asks with a form that is filled in already")
        .answering(
            call -> {
              Elicited<Defaults> answer =
                  call.ask(
                      Ask.form(
                          "defaults", "Please review and update the form fields", Defaults.class));
              return ToolResult.text(
                  "Elicitation completed: action=" + answer.action() + ", content=" + json(answer));
            });
  }

  private static Tool elicitationOfChoices() {
    return Tool.named("test_elicitation_sep1330_enums")
        .describedAs("Asks for choices of every kind")
        .answering(
            call -> {
              Elicited<JsonObject> answer =
                  call.ask(Ask.form("choices", "Please select options", CHOICES));
              return ToolResult.text(
                  "Elicitation completed: action="
                      + answer.action()
                      + ", content="
                      + answer.accepted().orElse(JsonObject.EMPTY).toJson().text());
            });
  }

  private static Tool missingCapability() {
    return Tool.named("test_missing_capability")
        .describedAs("Works for clients only that can be asked for sampling")
        .requires(Capability.SAMPLING)
        .answering(_ -> ToolResult.text("This client can be asked for sampling"));
  }

  private static Tool elicitationOnTheStream() {
    return Tool.named("test_streaming_elicitation")
        .describedAs("Asks for a name in the middle of the call")
        .answering(
            call ->
                ToolResult.text(
                    "Answered: "
                        + call.ask(
                                Ask.form(
                                    "user_name", "What is your name?", RoundTripTools.Name.class))
                            .action()));
  }

  private static String json(Elicited<? extends Record> answer) {
    return answer
        .accepted()
        .map(content -> RecordSchema.write(content).toJson().text())
        .orElse("{}");
  }
}
