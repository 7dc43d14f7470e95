package dev.sallyport.protocol;

/**
 * A legacy client's session, as far as those beyond the edge need to know of it: a name and an end.
 * Both sides may end it: the edge when the client leaves or stays away, an upstream when what the
 * client had there is lost. The id that the client holds is a secret and is not in here.
 * Thread-safe.
 */
public final class ClientSession {
  private final String name;
  private final Cancellation end = new Cancellation();

  /**
   * @param name unique in this process; may be written down
   */
  public ClientSession(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** Whoever comes second does nothing. Runs what was registered, on this thread. */
  public void end() {
    end.cancel();
  }

  public boolean isOver() {
    return end.isCancelled();
  }

  /** Has something short done at the end, once; at once when it is over already. */
  public Cancellation.Registration onEnd(Runnable action) {
    return end.onCancel(action);
  }

  @Override
  public String toString() {
    return "ClientSession[" + name + "]";
  }
}
