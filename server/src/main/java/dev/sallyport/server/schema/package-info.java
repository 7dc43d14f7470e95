/**
 * Java records as JSON: in comes a record class, out go its JSON Schema (2020-12), a reader that
 * checks a peer's value against it, and a writer.
 *
 * <p>The schema and the reader are two views of one tree of {@code Shape}s, so what is advertised
 * is what is checked, and nothing else has to be loaded for it. Reflection is used here and nowhere
 * else. Schemas that an author wrote by hand are checked by {@code WrittenSchema} instead, which
 * loads a general validator when the first value arrives.
 *
 * <p>Used by the tool, prompt and question parts of {@code dev.sallyport.server}. Obeys the server
 * tools and client elicitation pages of the specification and JSON Schema 2020-12.
 */
@NullMarked
package dev.sallyport.server.schema;

import org.jspecify.annotations.NullMarked;
