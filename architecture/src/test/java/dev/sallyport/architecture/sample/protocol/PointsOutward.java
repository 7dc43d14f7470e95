package dev.sallyport.architecture.sample.protocol;

import dev.sallyport.architecture.sample.gateway.Open;

/** The inmost module knows the outer one. */
public record PointsOutward(Open gateway) {}
