package dev.sallyport.gateway.config;

/** What has no effect here, and is allowed all the same because clients write it. */
public record Remark(Place place, String text) implements Finding {}
