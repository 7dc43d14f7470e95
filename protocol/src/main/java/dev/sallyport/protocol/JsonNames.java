package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The member names of the objects that a scanner is in, to refuse one that occurs twice at whatever
 * depth (4-T55). Names count as what they say, not as how they are spelled.
 *
 * <p>A few names are compared with each other where they stand in the text, by a hash first. From
 * an escape on, and when there are many, an object has a set of decoded names: a hash that anybody
 * can foresee must not make a hostile object cost the square of its size. Strings in a set may
 * collide as they like, being comparable.
 */
final class JsonNames {
  private static final int FEW = 64;

  /** Stands for where an object's names begin, when it has a set of them. */
  private static final int IN_A_SET = -1;

  private final byte[] text;

  /** Of all open objects, inner ones last: the hash of a name, and below it where it begins. */
  private long[] names = new long[16];

  private int size;

  /** For each open object, where its names begin. */
  private int[] begins = new int[8];

  /** For each open object, a bit for what the hash of any of its names begins with. */
  private long[] sieves = new long[8];

  private int open;
  private final List<Set<String>> sets = new ArrayList<>(0);

  JsonNames(byte[] text) {
    this.text = text;
  }

  void openObject() {
    if (open == begins.length) {
      begins = Arrays.copyOf(begins, open * 2);
      sieves = Arrays.copyOf(sieves, open * 2);
    }
    sieves[open] = 0;
    begins[open++] = size;
  }

  void closeObject() {
    int begin = begins[--open];
    if (begin == IN_A_SET) {
      sets.removeLast();
    } else {
      size = begin;
    }
  }

  /** A name of the innermost object that holds no escape: what stands between two quotes. */
  void add(int from, int to) throws JsonException {
    int begin = begins[open - 1];
    if (begin == IN_A_SET || size - begin == FEW) {
      add(JsonStrings.decode(text, from, to));
      return;
    }
    int hash = hash(from, to);
    long bit = 1L << (hash >>> (Integer.SIZE - 6));
    if ((sieves[open - 1] & bit) != 0) {
      refuseAgain(begin, hash, from, to);
    }
    sieves[open - 1] |= bit;
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
    }
    names[size++] = (long) hash << Integer.SIZE | from;
  }

  private void refuseAgain(int begin, int hash, int from, int to) throws JsonException {
    for (int i = begin; i < size; i++) {
      if ((int) (names[i] >> Integer.SIZE) == hash && isSame((int) names[i], from, to)) {
        throw JsonException.duplicate();
      }
    }
  }

  /** An earlier name without escapes ends at the first quote. */
  private boolean isSame(int earlier, int from, int to) {
    int end = earlier + to - from;
    return text[end] == '"' && Arrays.equals(text, earlier, end, text, from, to);
  }

  /** A name of the innermost object, decoded. */
  void add(String name) throws JsonException {
    int begin = begins[open - 1];
    if (begin != IN_A_SET) {
      Set<String> decoded = new HashSet<>();
      for (int i = begin; i < size; i++) {
        int earlier = (int) names[i];
        decoded.add(JsonStrings.decode(text, earlier, JsonStrings.checkedEnd(text, earlier)));
      }
      sets.add(decoded);
      size = begin;
      begins[open - 1] = IN_A_SET;
    }
    if (!sets.getLast().add(name)) {
      throw JsonException.duplicate();
    }
  }

  /** Of the first and the last eight bytes and the length: names differ there, most often. */
  private int hash(int from, int to) {
    int length = to - from;
    long mixed = first(from, length) * 0x9E3779B97F4A7C15L;
    if (length > Long.BYTES) {
      long last = (long) JsonStrings.EIGHT.get(text, to - Long.BYTES);
      mixed = (mixed ^ last ^ length) * 0xC2B2AE3D27D4EB4FL;
    }
    return (int) (mixed >>> Integer.SIZE);
  }

  private long first(int from, int length) {
    if (from <= text.length - Long.BYTES) {
      long eight = (long) JsonStrings.EIGHT.get(text, from);
      return length < Long.BYTES ? eight & ((1L << (length * Byte.SIZE)) - 1) : eight;
    }
    long first = 0;
    for (int i = Math.min(length, Long.BYTES) - 1; i >= 0; i--) {
      first = first << Byte.SIZE | (text[from + i] & 0xFF);
    }
    return first;
  }
}
