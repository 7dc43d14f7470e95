package dev.sallyport.cli.doctor;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * One part of the way, and what was found there.
 *
 * @param found one line
 * @param flaws what is wrong; none unless the state is {@link State#BAD}
 */
public record Step(Part part, State state, String found, List<Flaw> flaws) {
  public Step {
    flaws = List.copyOf(flaws);
  }

  /** The parts, in the order of the way. */
  public enum Part {
    /** How the server asks for a token. */
    CHALLENGE,
    /** What it publishes of itself. */
    RESOURCE,
    /** What the authorization server publishes of itself. */
    ISSUER,
    KEYS,
    CLOCK,
    TOKEN,
    /** Whether the server answers who shows it the token. */
    TOOLS;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How it went. */
  public enum State {
    GOOD("ok"),
    BAD("failed"),
    /** There was nothing to look at, or no need to. */
    LEFT_OUT("skipped");

    private final String text;

    State(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * Something that is wrong.
   *
   * @param clause of a specification that it is against
   * @param cause what usually is behind it, and what to do
   */
  public record Flaw(String what, String clause, String cause) {}

  static Step good(Part part, String found) {
    return new Step(part, State.GOOD, found, List.of());
  }

  static Step leftOut(Part part, String why) {
    return new Step(part, State.LEFT_OUT, why, List.of());
  }

  /** Good, unless there are flaws. */
  static Step of(Part part, String found, List<Flaw> flaws) {
    return new Step(part, flaws.isEmpty() ? State.GOOD : State.BAD, found, flaws);
  }

  /** The same with all that is told gone through. */
  Step told(UnaryOperator<String> each) {
    return new Step(
        part,
        state,
        each.apply(found),
        flaws.stream()
            .map(flaw -> new Flaw(each.apply(flaw.what()), flaw.clause(), each.apply(flaw.cause())))
            .toList());
  }
}
