package dev.sallyport.server.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks HTTP clients to repeat this value in the header {@code Mcp-Param-NAME}, so that what stands
 * in front of the server can route by it. Strings, integers and booleans only (HD-16); never for
 * secrets (HD-17).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface McpHeader {
  /** The NAME part. */
  String value();
}
