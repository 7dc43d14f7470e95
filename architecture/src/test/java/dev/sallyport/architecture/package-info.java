/**
 * The house rules that a test can hold. In comes the product as it was just built: its classes, and
 * its sources as text. Out comes a list of violations, each of them a sentence that names the
 * place, which must be empty.
 *
 * <p>Each rule is a pure function from classes or sources to that list. So each has a test on the
 * product, and one on a sample that breaks it: a rule that cannot fail guards nothing. Samples made
 * of classes are in the {@code sample} package, the others are strings in the tests.
 *
 * <p>What a rule allows and why is said where the rule is. A rule that turns out to be wrong is
 * changed here, in the open, and never worked round.
 */
@NullMarked
package dev.sallyport.architecture;

import org.jspecify.annotations.NullMarked;
