package dev.sallyport.gateway.config;

/** What is worth a word and no fault: it has no effect here, or may be right elsewhere. */
public record Remark(Place place, String text) implements Finding {}
