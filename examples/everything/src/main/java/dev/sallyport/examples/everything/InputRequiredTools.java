package dev.sallyport.examples.everything;

import dev.sallyport.protocol.JsonObject;
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
import dev.sallyport.server.schema.Description;
import java.util.ArrayList;
import java.util.List;

/** Questions under keys that the suite knows: one, several at once, one after the other. */
final class InputRequiredTools {
  private static final Ask<Elicited<Name>> NAME =
      Ask.form("user_name", "What is your name?", Name.class);
  private static final Ask<Sampled> CAPITAL =
      Ask.sampling(
          "capital_question", Sampling.of("What is the capital of France?").maxTokens(100));
  private static final Ask<List<Root>> ROOTS = Ask.roots("client_roots");
  private static final Ask<Elicited<Confirmation>> CONFIRM =
      Ask.form("confirm", "Please confirm", Confirmation.class);
  private static final Ask<Sampled> GREETING =
      Ask.sampling("greeting", Sampling.of("Generate a greeting").maxTokens(50));
  private static final Ask<Elicited<Name>> STEP_1 =
      Ask.form("step1", "Step 1: What is your name?", Name.class);
  private static final Ask<Elicited<Color>> STEP_2 =
      Ask.form("step2", "Step 2: What is your favorite color?", Color.class);

  private InputRequiredTools() {}

  record Name(@Description("Your name") String name) {}

  record Confirmation(@Description("Agreed?") boolean ok) {}

  record Color(@Description("Your favorite color") String color) {}

  static List<Tool> all() {
    return List.of(
        tool("elicitation", "Asks for a name", call -> "Hello, " + name(call.ask(NAME)) + "!"),
        tool(
            "sampling",
            "Asks the client's model",
            call -> "The model says: " + call.ask(CAPITAL).text()),
        tool(
            "list_roots", "Asks for the client's roots", call -> "Roots: " + uris(call.ask(ROOTS))),
        tool("request_state", "Asks, and knows its own state again", InputRequiredTools::confirmed),
        tool(
            "tampered_state",
            "Asks, and notices a state that was changed",
            InputRequiredTools::confirmed),
        tool("multiple_inputs", "Asks three things at once", InputRequiredTools::three),
        tool("multi_round", "Asks one thing after the other", InputRequiredTools::rounds),
        tool("capabilities", "Asks only what the client can answer", InputRequiredTools::possible));
  }

  private interface Body {
    String answer(Call call) throws InterruptedException;
  }

  private static Tool tool(String name, String description, Body body) {
    return Tool.named("test_input_required_result_" + name)
        .describedAs(description)
        .answering(call -> ToolResult.text(body.answer(call)));
  }

  private static String name(Elicited<Name> answer) {
    return answer.accepted().map(Name::name).orElse("stranger");
  }

  private static List<String> uris(List<Root> roots) {
    return roots.stream().map(Root::uri).toList();
  }

  private static String confirmed(Call call) throws InterruptedException {
    return "state-ok: " + call.ask(CONFIRM).action();
  }

  private static String three(Call call) throws InterruptedException {
    Answers answers = call.askAll(NAME, GREETING, ROOTS);
    return answers.to(GREETING).text()
        + ", "
        + name(answers.to(NAME))
        + ", with "
        + uris(answers.to(ROOTS));
  }

  private static String rounds(Call call) throws InterruptedException {
    String name = name(call.ask(STEP_1));
    String color = call.ask(STEP_2).accepted().map(Color::color).orElse("no color");
    return name + " likes " + color;
  }

  private static String possible(Call call) throws InterruptedException {
    List<Ask<?>> questions = new ArrayList<>();
    if (call.can(Capability.ELICITATION_FORM)) {
      questions.add(NAME);
    }
    if (call.can(Capability.SAMPLING)) {
      questions.add(CAPITAL);
    }
    if (!questions.isEmpty()) {
      call.askAll(questions.toArray(Ask<?>[]::new));
    }
    return "Asked " + questions.size() + " questions";
  }

  /** The form that the fixture's prompt shows. */
  static JsonObject contextForm() {
    return AskingTools.schema(
        "{\"type\":\"object\",\"properties\":{\"context\":{\"type\":\"string\"}},\"required\":[\"context\"]}");
  }
}
