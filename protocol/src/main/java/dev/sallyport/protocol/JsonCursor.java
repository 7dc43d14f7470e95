package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * A cursor over the values of one text. A value that is current is either taken whole or entered,
 * member by member or element by element; those that enter it pass it once they have seen its end.
 * Confined to one thread.
 */
sealed interface JsonCursor permits JsonSource, JsonScanner {
  /** Whether a client sent the text, whose values are therefore written anew. */
  boolean isRewriting();

  /** Whether there is any value. It is current then. */
  boolean begin() throws JsonException;

  boolean isObject();

  boolean isArray();

  /** Makes the next element of an array current; false at the array's end. */
  boolean nextElement() throws JsonException;

  /** Makes the value of the next member of an object current; false at the object's end. */
  boolean nextMember() throws JsonException;

  /** The name of the member whose value is current. */
  String name() throws JsonException;

  /** The current value, whole. */
  Json capture() throws JsonException;

  /** Refuses whatever follows the value of the text. */
  void end() throws JsonException;

  /** The members of the object that is current. */
  default JsonObject members() throws JsonException {
    List<String> names = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    while (nextMember()) {
      names.add(name());
      values.add(capture());
    }
    return new JsonObject(names, values);
  }
}
