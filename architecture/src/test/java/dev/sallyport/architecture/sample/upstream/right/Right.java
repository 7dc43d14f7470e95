package dev.sallyport.architecture.sample.upstream.right;

import dev.sallyport.architecture.sample.upstream.left.Left;

/** The other half. */
public record Right(Left other) {}
