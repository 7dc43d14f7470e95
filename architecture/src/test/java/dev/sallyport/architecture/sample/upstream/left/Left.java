package dev.sallyport.architecture.sample.upstream.left;

import dev.sallyport.architecture.sample.upstream.Shared;
import dev.sallyport.architecture.sample.upstream.right.Right;
import java.util.List;

/** One half of a circle; what it shares with its parent is none. */
public record Left(Shared parent, List<Right> other) {}
