package dev.sallyport.server;

/**
 * A folder the client works on.
 *
 * @param uri a file URI on the client's machine, which may be another one than ours
 * @param name for people; empty when the client gave none
 */
public record Root(String uri, String name) {}
