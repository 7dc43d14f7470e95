/**
 * Classes that break the rules, laid out like the modules of the product, for the tests of the
 * rules.
 */
@NullMarked
package dev.sallyport.architecture.sample;

import org.jspecify.annotations.NullMarked;
