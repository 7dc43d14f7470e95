package dev.sallyport.server.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A peer's value that does not fit its schema. Every fault says where and what is expected, and
 * none repeats the value: the texts may be shown to the peer.
 */
public final class InvalidInput extends Exception {
  private static final long serialVersionUID = 1L;

  /** More faults than this do not help anybody to mend a value. */
  static final int MOST_FAULTS = 10;

  private final transient List<String> faults;

  InvalidInput(List<String> faults) {
    // No stack trace: it would name our code, and the fault is in the peer's value.
    super(String.join("; ", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  public static InvalidInput of(String fault) {
    return new InvalidInput(List.of(fault));
  }

  /** The same faults, seen from one level further out. */
  InvalidInput under(String step) {
    return new InvalidInput(faults.stream().map(fault -> join(step, fault)).toList());
  }

  private static String join(String step, String fault) {
    boolean deeper = fault.startsWith("[") || fault.startsWith(".");
    return (step.startsWith("[") ? "" : ".") + step + (deeper ? "" : ": ") + fault;
  }

  /** One sentence for each fault, at most ten. */
  public List<String> faults() {
    return faults.stream()
        .limit(MOST_FAULTS)
        .map(fault -> fault.startsWith(".") ? fault.substring(1) : fault)
        .toList();
  }

  /** Gathers what is wrong with the parts of one value, so that all of it is told at once. */
  static final class Faults {
    private final List<String> found = new ArrayList<>();

    void add(InvalidInput part) {
      found.addAll(part.faults);
    }

    void add(String fault) {
      found.add(fault);
    }

    boolean isFull() {
      return found.size() >= MOST_FAULTS;
    }

    void throwIfAny() throws InvalidInput {
      if (!found.isEmpty()) {
        throw new InvalidInput(found.subList(0, Math.min(found.size(), MOST_FAULTS)));
      }
    }
  }
}
