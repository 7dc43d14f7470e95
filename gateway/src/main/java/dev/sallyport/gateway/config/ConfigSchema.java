package dev.sallyport.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The form of the file as JSON Schema 2020-12, for editors. It is as strict as the reader in
 * everything that a schema can see: not whether variables, files and names are there.
 */
public final class ConfigSchema {
  private static final String FILE = "sallyport.schema.json";

  private ConfigSchema() {}

  /** The schema, with a line end at its end. */
  public static String text() {
    try (InputStream in =
        Optional.ofNullable(ConfigSchema.class.getResourceAsStream(FILE)).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
