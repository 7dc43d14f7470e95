package dev.sallyport.upstream;

import java.time.Duration;

/**
 * Who shares children, and how many there are. Clients of one caller that can do different things
 * have different children of a server with a handshake, which learns what they can do only once.
 *
 * @param children at a time
 * @param childrenPerCaller at a time, on one caller's account
 * @param idle how long a child without work is kept; an open subscription is work
 * @param patience how long an exchange waits for a place while all are taken
 * @param warmSpare whether a child nobody uses yet is kept ready for the next caller
 */
public record Sharing(
    Isolation isolation,
    int children,
    int childrenPerCaller,
    Duration idle,
    Duration patience,
    boolean warmSpare) {
  public static final Sharing DEFAULT =
      new Sharing(Isolation.CALLER, 20, 8, Duration.ofMinutes(30), Duration.ofSeconds(10), false);

  /** Of a server at a URL, where it is sessions that are shared. */
  public static final Sharing ELSEWHERE = DEFAULT.withChildren(1_000, 64);

  public Sharing {
    if (children < 1 || childrenPerCaller < 1) {
      throw new IllegalArgumentException("at least one child");
    }
  }

  boolean isShared() {
    return isolation == Isolation.SHARED;
  }

  public Sharing withIsolation(Isolation other) {
    return new Sharing(other, children, childrenPerCaller, idle, patience, warmSpare);
  }

  public Sharing withChildren(int most, int mostPerCaller) {
    return new Sharing(isolation, most, mostPerCaller, idle, patience, warmSpare);
  }

  public Sharing withIdle(Duration limit) {
    return new Sharing(isolation, children, childrenPerCaller, limit, patience, warmSpare);
  }

  public Sharing withPatience(Duration limit) {
    return new Sharing(isolation, children, childrenPerCaller, idle, limit, warmSpare);
  }

  public Sharing withWarmSpare(boolean wanted) {
    return new Sharing(isolation, children, childrenPerCaller, idle, patience, wanted);
  }
}
