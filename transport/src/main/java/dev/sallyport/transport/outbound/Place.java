package dev.sallyport.transport.outbound;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The books of one origin: its connections, and who waits for one. Not thread-safe: its {@link
 * Pool} has a lock.
 */
final class Place {
  /** Of HTTP/2, where one carries many requests. */
  private static final int MOST_SHARED = 4;

  private final OutboundOptions options;

  /** Those that could carry one more; the one used last at the end. */
  private final Deque<Link> free = new ArrayDeque<>();

  private final Deque<Dispatch> waiting = new ArrayDeque<>();
  private int open;

  /** Of those open: carry what they have, and nothing new. */
  private int leaving;

  private int opening;
  private Speaks speaks = Speaks.UNKNOWN;

  private enum Speaks {
    UNKNOWN,
    HTTP_1,
    HTTP_2
  }

  Place(boolean secure, OutboundOptions options) {
    this.options = options;
    if (!secure) {
      speaks = Speaks.HTTP_1;
    }
  }

  List<Step> admit(Dispatch dispatch, long now) {
    List<Step> steps = new ArrayList<>(1);
    Optional<Link> link = take(now, steps);
    if (link.isPresent()) {
      assign(dispatch, link.get(), steps);
    } else if (waiting.size() >= options.waiting() + Math.max(0, options.connections() - open)) {
      steps.add(new Step.Fail(dispatch, busy()));
    } else {
      waiting.addLast(dispatch);
      open(steps);
    }
    return steps;
  }

  private static OutboundFault busy() {
    return OutboundFault.of(OutboundFault.Kind.BUSY, "all connections are taken");
  }

  private Optional<Link> take(long now, List<Step> steps) {
    while (!free.isEmpty()) {
      Link link = free.peekLast();
      if (isOver(link, now)) {
        retire(link, steps);
      } else if (link.hasRoom()) {
        return Optional.of(link);
      } else {
        unlist(link);
      }
    }
    return Optional.empty();
  }

  private static boolean isOver(Link link, long now) {
    return link.carried == 0 && link.goodUntil - now <= 0;
  }

  private void assign(Dispatch dispatch, Link link, List<Step> steps) {
    link.carried++;
    if (!link.hasRoom()) {
      unlist(link);
    }
    dispatch.assign(link);
    steps.add(new Step.Carry(dispatch));
  }

  private void unlist(Link link) {
    if (link.listed) {
      link.listed = false;
      if (free.peekLast() == link) {
        free.removeLast();
      } else {
        free.remove(link);
      }
    }
  }

  private void retire(Link link, List<Step> steps) {
    if (!link.retired) {
      link.retired = true;
      leaving++;
    }
    unlist(link);
    if (link.carried == 0 && !link.gone) {
      steps.add(new Step.Close(link));
    }
  }

  /**
   * As many as are waited for, except that what a server speaks is found out with one: if that is
   * HTTP/2, one will do for all.
   */
  private void open(List<Step> steps) {
    int wanted =
        speaks == Speaks.HTTP_1
            ? Math.min(waiting.size(), options.connections() - open) - opening
            : waiting.isEmpty() || opening > 0 || open - leaving >= MOST_SHARED ? 0 : 1;
    for (int i = 0; i < wanted; i++) {
      opening++;
      steps.add(new Step.Open(waiting.getFirst().way()));
    }
  }

  List<Step> opened(Link link, long now) {
    List<Step> steps = new ArrayList<>();
    link.goodUntil = now + options.keepAlive().toNanos();
    opening--;
    open++;
    speaks = link.isShared() ? Speaks.HTTP_2 : Speaks.HTTP_1;
    give(link, steps);
    open(steps);
    return steps;
  }

  private void give(Link link, List<Step> steps) {
    while (!waiting.isEmpty() && link.hasRoom()) {
      assign(waiting.removeFirst(), link, steps);
    }
    if (link.hasRoom() && !link.listed) {
      link.listed = true;
      free.addLast(link);
    }
  }

  /** Fails whoever waited for the connection: one, or all where one was to do for all. */
  List<Step> failed(OutboundFault fault) {
    List<Step> steps = new ArrayList<>();
    opening--;
    int concerned = speaks == Speaks.HTTP_1 || open > 0 ? 1 : waiting.size();
    for (int i = 0; i < concerned && !waiting.isEmpty(); i++) {
      steps.add(new Step.Fail(waiting.removeFirst(), fault));
    }
    open(steps);
    return steps;
  }

  /**
   * A request is over.
   *
   * @param goodUntil when the server will no longer expect another
   */
  List<Step> released(Link link, long goodUntil, long now) {
    link.goodUntil = goodUntil;
    return unused(link, now);
  }

  /** A request was not written after all. */
  List<Step> unused(Link link, long now) {
    List<Step> steps = new ArrayList<>(1);
    link.carried--;
    if (link.retired || isOver(link, now)) {
      retire(link, steps);
    } else {
      unlist(link);
      give(link, steps);
    }
    return steps;
  }

  /** It takes no more requests, and ends with the last that it has. */
  List<Step> left(Link link) {
    List<Step> steps = new ArrayList<>(1);
    if (!link.gone) {
      retire(link, steps);
      open(steps);
    }
    return steps;
  }

  List<Step> gone(Link link) {
    List<Step> steps = new ArrayList<>(1);
    if (!link.gone) {
      link.gone = true;
      retire(link, steps);
      leaving--;
      open--;
      open(steps);
    }
    return steps;
  }

  boolean abandon(Dispatch dispatch) {
    return waiting.remove(dispatch);
  }

  /** Ends what has been idle for long enough, and who has waited for too long. */
  List<Step> sweep(long now) {
    List<Step> steps = new ArrayList<>(0);
    for (Link link : List.copyOf(free)) {
      if (isOver(link, now)) {
        retire(link, steps);
      }
    }
    while (!waiting.isEmpty() && waiting.getFirst().due() - now <= 0) {
      OutboundFault fault =
          opening == 0
              ? busy()
              : OutboundFault.of(OutboundFault.Kind.TIMED_OUT, "no connection in time");
      steps.add(new Step.Fail(waiting.removeFirst(), fault));
    }
    return steps;
  }

  /** The end of everything. */
  List<Step> close() {
    List<Step> steps = new ArrayList<>();
    waiting.forEach(dispatch -> steps.add(new Step.Fail(dispatch, OutboundFault.closed())));
    waiting.clear();
    return steps;
  }

  int connections() {
    return open;
  }

  int idle() {
    return free.size();
  }

  boolean isOpening() {
    return opening > 0;
  }

  boolean isEmpty() {
    return open == 0 && opening == 0 && waiting.isEmpty();
  }
}
