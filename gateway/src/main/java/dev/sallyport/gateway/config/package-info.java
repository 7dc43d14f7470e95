/**
 * The configuration file of {@code sallyport serve}: one YAML 1.2 file becomes immutable records,
 * or the list of everything that is wrong with it, each with its place. In come a file and the
 * environment; out comes a {@link dev.sallyport.gateway.config.Reading}.
 *
 * <p>{@code ConfigReader} is read from top to bottom: {@code YamlText} makes a tree with places,
 * {@code Overrides} lets the environment replace values in it, and then one reader an area asks its
 * {@code Group} for the values it wants, each by a {@code Kind} that says what is right and how a
 * right one looks. {@code Expansion} puts variables and files into values after parsing, so that no
 * value can add structure. {@code Keys} is the list of what there is.
 *
 * <p>Used by the {@code sallyport} command. Nothing here starts, listens or asks the network; files
 * that the configuration names are looked at, since a wrong path is wrong before anything starts.
 */
@NullMarked
package dev.sallyport.gateway.config;

import org.jspecify.annotations.NullMarked;
