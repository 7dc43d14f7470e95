package dev.sallyport.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

final class WrittenSchemaTest {
  private final WrittenSchema contact =
      WrittenSchema.of(
          Literals.object(
              """
              {"type":"object","$defs":{"mail":{"$anchor":"m","type":"string","maxLength":5}},
               "properties":{"phone":{"type":"string"},"email":{"$ref":"#m"}},
               "anyOf":[{"required":["phone"]},{"required":["email"]}],
               "additionalProperties":false}\
              """));

  @Test
  void a_value_that_fits_passes() {
    assertThatCode(() -> contact.check(Literals.json("{\"email\":\"a@b.c\"}")))
        .doesNotThrowAnyException();
  }

  @Test
  void a_value_that_does_not_fit_is_told_by_keyword_and_never_repeated() {
    InvalidInput unfit =
        catchThrowableOfType(
            InvalidInput.class,
            () -> contact.check(Literals.json("{\"email\":\"secret-mail\",\"secret\":1}")));

    assertThat(unfit.faults())
        .anyMatch(fault -> fault.contains("maxLength"))
        .anyMatch(fault -> fault.contains("additionalProperties"))
        .noneMatch(fault -> fault.contains("secret"));
  }

  @Test
  void a_missing_property_is_told_by_name() {
    WrittenSchema schema =
        WrittenSchema.of(Literals.object("{\"type\":\"object\",\"required\":[\"name\"]}"));

    assertThatThrownBy(() -> schema.check(Literals.json("{}")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the value: does not satisfy \"required\" of name");
  }

  @Test
  void a_remote_reference_is_not_fetched() {
    WrittenSchema schema =
        WrittenSchema.of(Literals.object("{\"$ref\":\"http://127.0.0.1:1/schema.json\"}"));

    assertThatThrownBy(() -> schema.check(Literals.json("{}"))).isNotInstanceOf(InvalidInput.class);
  }
}
