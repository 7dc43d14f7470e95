package dev.sallyport.server;

import java.util.Optional;

/**
 * What became of a form that was shown to a person. Declining and closing it are answers, too
 * (MR-18):
 *
 * <pre>{@code
 * switch (call.ask(Ask.form("confirm", "Cancel this order?", Confirm.class))) {
 *   case Elicited.Accepted<Confirm>(Confirm answer) -> …
 *   case Elicited.Declined<Confirm>() -> …
 *   case Elicited.Dismissed<Confirm>() -> …
 * }
 * }</pre>
 */
public sealed interface Elicited<T> {
  /** Filled in and sent. */
  record Accepted<T>(T value) implements Elicited<T> {}

  /** The person said no. */
  record Declined<T>() implements Elicited<T> {}

  /** The person closed the form without a choice. */
  record Dismissed<T>() implements Elicited<T> {}

  /** The value, for a tool to which no and no choice are the same. */
  default Optional<T> accepted() {
    return this instanceof Accepted<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** The protocol's word: {@code accept}, {@code decline} or {@code cancel}. */
  default String action() {
    return switch (this) {
      case Accepted<T> _ -> "accept";
      case Declined<T> _ -> "decline";
      case Dismissed<T> _ -> "cancel";
    };
  }
}
