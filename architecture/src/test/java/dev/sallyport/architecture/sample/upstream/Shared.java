package dev.sallyport.architecture.sample.upstream;

import dev.sallyport.architecture.sample.upstream.left.Left;
import java.util.List;

/** Uses what is inside, and is used by it. */
public record Shared(List<Left> inside) {}
