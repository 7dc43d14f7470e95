/**
 * The fixture that the official conformance suite asks for, and a tour of the server module: every
 * kind of content, progress, log messages, questions to the client, resources, templates, prompts
 * and completion. Names and texts are the suite's.
 *
 * <p>{@code Everything} puts it together; each other class is one theme.
 */
@NullMarked
package dev.sallyport.examples.everything;

import org.jspecify.annotations.NullMarked;
