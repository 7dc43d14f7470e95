package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import java.time.Instant;

/**
 * An invite, at the only moment when it is known.
 *
 * @param path of its link, to be put behind the issuer: whoever opens it first is that person
 */
public record Invitation(String name, Secret path, Instant expires) {}
