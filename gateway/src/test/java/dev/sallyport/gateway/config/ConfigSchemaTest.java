package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema that editors read and the reader agree about the corpus. */
final class ConfigSchemaTest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Schema SCHEMA = REGISTRY.getSchema(ConfigSchema.text(), InputFormat.JSON);

  /** What is YAML without anchors and the like: a schema sees no others. */
  static List<Corpus> wrong() throws IOException {
    return Corpus.load("wrong.txt").stream().filter(each -> json(each).isPresent()).toList();
  }

  static List<Corpus> right() throws IOException {
    return Corpus.load("right.txt");
  }

  @ParameterizedTest
  @MethodSource("right")
  void what_the_reader_takes_fits(Corpus each) {
    assertThat(errors(json(each).orElseThrow())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_the_reader_refuses_does_not_fit_unless_a_schema_cannot_see_why(Corpus each) {
    assertThat(errors(json(each).orElseThrow()).isEmpty())
        .as("unseen: %s", each.unseen())
        .isEqualTo(each.unseen().isPresent());
  }

  @Test
  void it_is_a_schema() {
    Schema ofSchemas =
        REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(ofSchemas.validate(ConfigSchema.text(), InputFormat.JSON)).isEmpty();
  }

  @Test
  void it_has_the_keys_of_the_reader_and_no_others() throws Exception {
    JsonObject schema = Json.parse(ConfigSchema.text()).asObject().orElseThrow();
    assertThat(keys(schema)).containsExactlyInAnyOrderElementsOf(Keys.ROOT.names());
    assertThat(keys(object(object(schema, "properties"), "tls")))
        .containsExactlyInAnyOrderElementsOf(Keys.TLS.names());
    assertThat(keys(object(object(schema, "properties"), "telemetry")))
        .containsExactlyInAnyOrderElementsOf(Keys.TELEMETRY.names());
    assertThat(keys(object(object(schema, "properties"), "limits")))
        .containsExactlyInAnyOrderElementsOf(Keys.LIMITS.names());
    assertThat(keys(object(object(schema, "properties"), "log")))
        .containsExactlyInAnyOrderElementsOf(Keys.LOG.names());
    JsonObject parts = object(schema, "$defs");
    assertThat(keys(object(parts, "route")))
        .containsExactlyInAnyOrderElementsOf(Keys.ROUTE.names());
    assertThat(keys(object(parts, "tools")))
        .containsExactlyInAnyOrderElementsOf(Keys.TOOLS.names());
    JsonObject server = object(parts, "server");
    assertThat(keys(object(object(server, "properties"), "limits")))
        .containsExactlyInAnyOrderElementsOf(Keys.SERVER_LIMITS.names());
    List<String> ofServer = new ArrayList<>(Keys.SERVER.names());
    ofServer.addAll(ForeignKeys.LEFT_ALONE.keySet());
    assertThat(keys(server)).containsExactlyInAnyOrderElementsOf(ofServer);
  }

  @Test
  void the_page_about_configuration_has_every_key() throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));
    for (Keys.Group group :
        List.of(
            Keys.ROOT,
            Keys.TELEMETRY,
            Keys.LIMITS,
            Keys.ROUTE,
            Keys.ISSUER,
            Keys.CLAIMS,
            Keys.INTROSPECTION,
            Keys.SERVER)) {
      for (String key : group.names()) {
        assertThat(page).containsPattern("[`.{ ]" + Pattern.quote(key) + "[`:]");
      }
    }
    for (String key : ForeignKeys.LEFT_ALONE.keySet()) {
      assertThat(page).contains("`" + key + "`");
    }
  }

  @Test
  void every_key_says_what_it_is() throws Exception {
    JsonObject schema = Json.parse(ConfigSchema.text()).asObject().orElseThrow();
    JsonObject server = object(object(schema, "$defs"), "server");
    for (JsonObject group : List.of(schema, server)) {
      JsonObject properties = object(group, "properties");
      for (String key : properties.names()) {
        assertThat(object(properties, key).names()).as(key).containsAnyOf("description", "$ref");
      }
    }
  }

  private static List<String> keys(JsonObject group) {
    return List.copyOf(object(group, "properties").names());
  }

  private static JsonObject object(JsonObject in, String name) {
    return in.get(name).flatMap(Json::asObject).orElseThrow();
  }

  private static List<Error> errors(String json) {
    return SCHEMA.validate(json, InputFormat.JSON);
  }

  /** The configuration as JSON; empty when it is not what JSON can say. */
  private static Optional<String> json(Corpus each) {
    Findings findings = new Findings();
    Optional<Node> node = YamlText.read(each.text(), findings);
    return findings.sound() ? node.map(ConfigSchemaTest::json) : Optional.empty();
  }

  private static String json(Node node) {
    return switch (node) {
      case Node.Mapping mapping ->
          mapping.entries().stream()
              .map(entry -> Json.of(entry.key()).text() + ":" + json(entry.value()))
              .collect(Collectors.joining(",", "{", "}"));
      case Node.Sequence list ->
          list.items().stream()
              .map(ConfigSchemaTest::json)
              .collect(Collectors.joining(",", "[", "]"));
      case Node.Scalar scalar -> json(scalar);
      case Node.Unread unread -> throw new IllegalStateException("unread at " + unread.place());
    };
  }

  private static String json(Node.Scalar scalar) {
    String text = scalar.text();
    return switch (scalar.type()) {
      case TEXT, ANY -> Json.of(text).text();
      case BOOLEAN -> Boolean.toString(Boolean.parseBoolean(text));
      case NOTHING -> "null";
      case DECIMAL -> new BigDecimal(text).toPlainString();
      case WHOLE ->
          switch (text.substring(0, Math.min(2, text.length()))) {
            case "0x" -> new BigInteger(text.substring(2), 16).toString();
            case "0o" -> new BigInteger(text.substring(2), 8).toString();
            default -> new BigInteger(text).toString();
          };
    };
  }
}
