package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** An enum: one of some names. In a form each may have a {@link Title}. */
final class Choice implements Shape {
  private final List<Enum<?>> constants;
  private final List<String> names;
  private final List<String> titles;

  private Choice(List<Enum<?>> constants, List<String> titles) {
    this.constants = List.copyOf(constants);
    this.names = constants.stream().<String>map(Enum::name).toList();
    this.titles = List.copyOf(titles);
  }

  static Choice of(Class<?> type) {
    List<Enum<?>> constants = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      Enum<?> known = (Enum<?>) constant;
      constants.add(known);
      titles.add(title(type, known.name()));
    }
    return new Choice(constants, titles);
  }

  private static String title(Class<?> type, String constant) {
    try {
      Title title = type.getField(constant).getAnnotation(Title.class);
      return title == null ? constant : title.value();
    } catch (NoSuchFieldException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public JsonObject schema(Use use) {
    JsonObject string = JsonObject.of("type", Json.of("string"));
    return use == Use.FORM && isTitled()
        ? string.with("oneOf", titled())
        : string.with("enum", Json.arrayOf(names.stream().map(Json::of).toList()));
  }

  /** The schema of the items of a multiple choice, where a titled one is spelled differently. */
  JsonObject itemsOfForm() {
    return isTitled() ? JsonObject.of("anyOf", titled()) : schema(Use.FORM);
  }

  private boolean isTitled() {
    return !names.equals(titles);
  }

  private Json titled() {
    List<Json> options = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      options.add(
          JsonObject.of("const", Json.of(names.get(i)), "title", Json.of(titles.get(i))).toJson());
    }
    return Json.arrayOf(options);
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    int at = json.asString().map(names::indexOf).orElse(-1);
    if (at < 0) {
      throw InvalidInput.of("expected one of " + String.join(", ", names));
    }
    return constants.get(at);
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.string(((Enum<?>) value).name());
  }

  @Override
  public Json literal(String text) {
    return Json.of(text);
  }
}
