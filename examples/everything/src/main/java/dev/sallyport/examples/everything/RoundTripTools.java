package dev.sallyport.examples.everything;

import dev.sallyport.server.Answers;
import dev.sallyport.server.Ask;
import dev.sallyport.server.Call;
import dev.sallyport.server.Capability;
import dev.sallyport.server.Elicited;
import dev.sallyport.server.Root;
import dev.sallyport.server.Sampled;
import dev.sallyport.server.Sampling;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tools whose answer takes several requests. They read like any other code that asks: what makes
 * requests of the questions, and keeps the place meanwhile, is the server.
 */
final class RoundTripTools {
  private RoundTripTools() {}

  record Name(String name) {}

  record Color(String color) {}

  record Confirmation(boolean ok) {}

  static List<Tool> all() {
    return List.of(
        elicitation(),
        sampling(),
        roots(),
        confirmed("test_input_required_result_request_state"),
        confirmed("test_input_required_result_tampered_state"),
        severalAtOnce(),
        severalRounds(),
        whatTheClientCanDo());
  }

  private static Ask<Elicited<Name>> userName() {
    return Ask.form("user_name", "What is your name?", Name.class);
  }

  private static Tool elicitation() {
    return Tool.named("test_input_required_result_elicitation")
        .describedAs("Asks for a name and greets")
        .answering(
            call ->
                call.ask(userName())
                    .accepted()
                    .map(answer -> ToolResult.text("Hello, " + answer.name() + "!"))
                    .orElseGet(() -> ToolResult.text("Hello, whoever you are!")));
  }

  private static Tool sampling() {
    return Tool.named("test_input_required_result_sampling")
        .describedAs("Asks the client's model for a capital")
        .answering(
            call ->
                ToolResult.text(
                    "The model says: "
                        + call.ask(
                                Ask.sampling(
                                    "capital_question",
                                    Sampling.of("What is the capital of France?").maxTokens(100)))
                            .text()));
  }

  private static Tool roots() {
    return Tool.named("test_input_required_result_list_roots")
        .describedAs("Asks which folders the client works on")
        .answering(call -> ToolResult.text("Roots: " + shown(call.ask(Ask.roots("client_roots")))));
  }

  private static String shown(List<Root> roots) {
    return roots.stream()
        .map(root -> root.name() + " (" + root.uri() + ")")
        .collect(Collectors.joining(", "));
  }

  private static Tool confirmed(String name) {
    return Tool.named(name)
        .describedAs("Asks for a confirmation that must come back with its state")
        .answering(
            call -> {
              Elicited<Confirmation> answer =
                  call.ask(Ask.form("confirm", "Please confirm", Confirmation.class));
              return ToolResult.text("state-ok: " + answer.action());
            });
  }

  private static Tool severalAtOnce() {
    return Tool.named("test_input_required_result_multiple_inputs")
        .describedAs("Asks the person, the model and the client at once")
        .answering(
            call -> {
              Ask<Elicited<Name>> name = userName();
              Ask<Sampled> greeting =
                  Ask.sampling("greeting", Sampling.of("Generate a greeting").maxTokens(50));
              Ask<List<Root>> roots = Ask.roots("client_roots");
              Answers answers = call.askAll(name, greeting, roots);
              return ToolResult.text(
                  answers.to(greeting).text()
                      + " "
                      + answers.to(name).accepted().map(Name::name).orElse("nobody")
                      + ", "
                      + shown(answers.to(roots)));
            });
  }

  private static Tool severalRounds() {
    return Tool.named("test_input_required_result_multi_round")
        .describedAs("Asks one thing after the other")
        .answering(
            call -> {
              Elicited<Name> name =
                  call.ask(Ask.form("step1", "Step 1: What is your name?", Name.class));
              Elicited<Color> color =
                  call.ask(Ask.form("step2", "Step 2: What is your favorite color?", Color.class));
              return ToolResult.text(
                  name.accepted().map(Name::name).orElse("Somebody")
                      + " likes "
                      + color.accepted().map(Color::color).orElse("no color"));
            });
  }

  private static Tool whatTheClientCanDo() {
    return Tool.named("test_input_required_result_capabilities")
        .describedAs("Asks only what the client can be asked")
        .answering(
            call -> {
              List<Ask<?>> asks = new ArrayList<>();
              addIf(call, Capability.ELICITATION_FORM, asks, userName());
              addIf(
                  call,
                  Capability.SAMPLING,
                  asks,
                  Ask.sampling("greeting", Sampling.of("Generate a greeting").maxTokens(50)));
              addIf(call, Capability.ROOTS, asks, Ask.roots("client_roots"));
              call.askAll(asks.toArray(Ask<?>[]::new));
              return ToolResult.text("Asked " + asks.size() + " things");
            });
  }

  private static void addIf(Call call, Capability capability, List<Ask<?>> asks, Ask<?> ask) {
    if (call.can(capability)) {
      asks.add(ask);
    }
  }
}
