package dev.sallyport.architecture.sample.gateway;

import dev.sallyport.architecture.sample.protocol.PointsOutward;

/** Public, sealed, and its arrow points the right way. */
public sealed class Closed {
  PointsOutward inward = new PointsOutward(new Open());

  static final class Only extends Closed {}
}
