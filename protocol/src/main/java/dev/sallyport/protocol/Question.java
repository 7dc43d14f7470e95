package dev.sallyport.protocol;

/**
 * Something only the client or its user can tell, asked in the middle of a request.
 *
 * @param key names the answer; unique within one outcome (MR-04)
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 */
public record Question(String key, String method, JsonObject params) {}
