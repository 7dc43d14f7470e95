package dev.sallyport.upstream.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands in front of the command: each program sets one thing, and becomes the next one.
 *
 * @param account whom to become
 * @param privileges how many to give up
 */
record LaunchChain(
    Tools tools, Optional<Account> account, Privileges privileges, ProcessLimits limits) {
  /** Waits for the first line of its input, and becomes what comes after. Data never is script. */
  private static final String WAIT = "read -r _ && exec \"$@\"";

  /** What {@code setpriv} takes away. */
  enum Privileges {
    /** Nothing. */
    KEPT,
    /** No program gains any by being started. */
    NO_NEW,
    /** And root's own go, all of them. */
    NONE
  }

  /**
   * @param group which has to have taken the process in before it may go on
   * @param bubblewrap its arguments; empty without it
   */
  List<String> before(ControlGroup group, List<String> bubblewrap) {
    List<String> all = new ArrayList<>();
    if (group.counts()) {
      all.addAll(List.of(Tools.SHELL.toString(), "-c", WAIT, "sallyport-wait"));
    }
    setpriv(all);
    all.addAll(bubblewrap);
    // Inside: the number of processes is counted for each user namespace.
    if (tools.prlimit().isPresent()) {
      all.add(tools.prlimit().get().toString());
      all.addAll(limits.arguments());
      all.add("--");
    }
    return all;
  }

  private void setpriv(List<String> all) {
    if ((account.isEmpty() && privileges == Privileges.KEPT) || tools.setpriv().isEmpty()) {
      return;
    }
    all.add(tools.setpriv().get().toString());
    if (account.isPresent()) {
      all.addAll(
          List.of(
              "--reuid=" + account.get().uid(), "--regid=" + account.get().gid(), "--init-groups"));
    }
    all.add("--no-new-privs");
    if (privileges == Privileges.NONE) {
      all.addAll(List.of("--inh-caps=-all", "--bounding-set=-all"));
    }
    all.add("--");
  }
}
