package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The names of tools that may be a label. A caller can name anything, so a name is taken in by what
 * came of the call, not because it was said; one that only ever failed takes up little room, or
 * calls of tools that do not exist would leave none for those that do. To find a name that is known
 * takes no lock. Thread-safe.
 */
final class ToolNames {
  static final int MOST = 500;
  static final int MOST_UNPROVEN = 100;

  /** As the protocol has it for names that all can deal with. */
  private static final int LONGEST = 128;

  /** A character may be written as an escape of six. */
  private static final int LONGEST_TEXT = 6 * LONGEST + 2;

  private final int most;
  private final int mostUnproven;
  private final Map<String, Boolean> proven = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger unproven = new AtomicInteger();

  /** What became of a call, as a word on whether there is such a tool. */
  enum Word {
    /** It answered. */
    THERE,
    /** It failed; a tool that does not exist may do so too. */
    DOUBTFUL,
    /** There is none, or the call did not get there. */
    SILENT
  }

  /**
   * @param most names
   * @param mostUnproven how many of them may never have answered
   */
  ToolNames(int most, int mostUnproven) {
    this.most = most;
    this.mostUnproven = mostUnproven;
  }

  /** The name as a label, or the one label of all that have none. */
  String label(Json name, Word word) {
    return name.length() > LONGEST_TEXT
        ? Labels.OTHER
        : name.asString().map(text -> label(text, word)).orElse(Labels.OTHER);
  }

  private String label(String name, Word word) {
    Boolean known = proven.get(name);
    boolean settled = known != null && (known || word != Word.THERE);
    return settled || (isFit(name) && takesIn(name, word)) ? name : Labels.OTHER;
  }

  /** Two texts that are written alike would be one series twice, which spoils the whole page. */
  private static boolean isFit(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.chars()
            .noneMatch(each -> Character.isISOControl(each) || Character.isSurrogate((char) each));
  }

  private boolean takesIn(String name, Word word) {
    if (!mayHaveRoom(name, word)) {
      return false;
    }
    lock.lock();
    try {
      if (!mayHaveRoom(name, word)) {
        return proven.containsKey(name);
      }
      boolean answered = word == Word.THERE;
      Boolean before = proven.put(name, answered || proven.getOrDefault(name, false));
      if (before == null && !answered) {
        unproven.incrementAndGet();
      } else if (before != null && !before && answered) {
        unproven.decrementAndGet();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayHaveRoom(String name, Word word) {
    return switch (word) {
      case THERE -> proven.size() < most || proven.containsKey(name);
      case DOUBTFUL -> proven.size() < most && unproven.get() < mostUnproven;
      case SILENT -> false;
    };
  }
}
