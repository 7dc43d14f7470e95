package dev.sallyport.protocol;

import java.util.Optional;

/**
 * The client's answers to the questions of an earlier {@link Outcome.InputRequired}.
 *
 * @param answers by question key, each a result object of the question's method; may be incomplete,
 *     may hold keys nobody asked for (MR-10, MR-11)
 * @param handle what the outcome carried, byte-exact (CM-02)
 */
public record Continuation(JsonObject answers, Optional<String> handle) {}
