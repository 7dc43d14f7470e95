package dev.sallyport.upstream.stdio;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What of our own environment a child gets to see: what programs need to run at all, and what the
 * operator names (CS-18). Everything else stays here, because this is where secrets live.
 */
public final class ChildEnvironment {
  // What the reference SDKs pass on, plus locale, time zone and temporary folder: without LANG a
  // child may garble UTF-8. Proxy and certificate variables are left out, since a proxy's URL can
  // carry a password; whoever needs them inherits them by name.
  private static final Set<String> UNIX =
      Set.of(
          "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR");
  private static final Set<String> WINDOWS =
      Set.of(
          "PATH",
          "PATHEXT",
          "COMSPEC",
          "SYSTEMROOT",
          "SYSTEMDRIVE",
          "WINDIR",
          "TEMP",
          "TMP",
          "HOMEDRIVE",
          "HOMEPATH",
          "USERPROFILE",
          "USERNAME",
          "APPDATA",
          "LOCALAPPDATA",
          "PROGRAMDATA",
          "PROGRAMFILES",
          "PROCESSOR_ARCHITECTURE",
          "NUMBER_OF_PROCESSORS",
          "LANG",
          "TZ");

  private ChildEnvironment() {}

  /**
   * @param ours our own environment
   * @param inherited further names to take from it; one that is not set is left out
   * @param added set as given, over all else
   */
  public static Map<String, String> of(
      Map<String, String> ours, List<String> inherited, Map<String, String> added) {
    boolean windows = ours.keySet().stream().anyMatch("SystemRoot"::equalsIgnoreCase);
    Map<String, String> theirs = new LinkedHashMap<>();
    ours.forEach(
        (name, value) -> {
          if (inherited.contains(name) || (isPlain(name, windows) && !isFunction(value))) {
            theirs.put(name, value);
          }
        });
    theirs.putAll(added);
    return theirs;
  }

  private static boolean isPlain(String name, boolean windows) {
    return windows
        ? WINDOWS.contains(name.toUpperCase(Locale.ROOT))
        : UNIX.contains(name) || name.startsWith("LC_");
  }

  /** An exported shell function: code that the child's shell would run. */
  private static boolean isFunction(String value) {
    return value.startsWith("()");
  }
}
