package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
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
  /** Joins the groups named before "--", and becomes what comes after. Data never is script. */
  private static final String JOIN =
      "while [ \"$1\" != -- ]; do echo 0 >\"$1\" || exit 125; shift; done; shift; exec \"$@\"";

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
   * @param entrances of the child's control groups
   * @param bubblewrap its arguments; empty without it
   */
  List<String> before(List<Path> entrances, List<String> bubblewrap) {
    List<String> all = new ArrayList<>();
    if (!entrances.isEmpty()) {
      all.addAll(List.of(Tools.SHELL.toString(), "-c", JOIN, "sallyport-join"));
      entrances.forEach(file -> all.add(file.toString()));
      all.add("--");
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
