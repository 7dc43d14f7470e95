package dev.sallyport.gateway.config;

import java.util.OptionalDouble;

/** Which part of all is taken, from 0 to 1; empty when it is off. */
record Portion(OptionalDouble part) {}
