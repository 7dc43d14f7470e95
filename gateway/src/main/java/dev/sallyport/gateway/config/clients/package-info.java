/**
 * The files in which MCP clients list their servers, read to make a configuration of them: in come
 * files, out comes YAML, and what was changed or left out, each with its place.
 *
 * <p>{@code ClientImport} is read from top to bottom: {@code ClientFile} makes a tree of a file, be
 * it JSON with comments ({@code JsonComments}) or TOML ({@code TomlText}), and finds out whose it
 * is; {@code ServerLists} finds the servers in it; {@code ServerEntry} makes one of ours of each,
 * and {@code References} says in our words where a value comes from.
 *
 * <p>Nothing is dropped without a word: what is not known is told. No value of a header or of a
 * variable is ever shown. Used by {@code sallyport import}.
 */
@NullMarked
package dev.sallyport.gateway.config.clients;

import org.jspecify.annotations.NullMarked;
