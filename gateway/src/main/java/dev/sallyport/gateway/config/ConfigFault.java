package dev.sallyport.gateway.config;

/** What keeps a configuration from being used. */
public record ConfigFault(Place place, String text) implements Finding {}
