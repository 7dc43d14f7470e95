package dev.sallyport.signin;

import java.time.Instant;

/**
 * Somebody who came in by an invite.
 *
 * @param id what tokens have as {@code sub}; never given to anybody else
 * @param name as the operator calls them
 */
public record Person(String id, String name, Instant since) {}
