# Sourced by the scripts of this repository. Finds a JDK 25 or newer. POSIX sh; every name starts with sallyport_, because a
# sourced file shares its names with the script that sources it.

# Follows symbolic links by hand: `readlink -f` is not everywhere.
sallyport_resolve() {
  sallyport_path=$1
  while [ -L "$sallyport_path" ]; do
    sallyport_target=$(readlink "$sallyport_path")
    case $sallyport_target in
      /*) sallyport_path=$sallyport_target ;;
      *) sallyport_path=$(dirname "$sallyport_path")/$sallyport_target ;;
    esac
  done
  printf '%s\n' "$sallyport_path"
}

# True when folder $1 is a JDK that will do. Its `release` file says the version: starting a JVM to ask it would take longer
# than everything else here together. A JRE will not do, because the first use builds.
sallyport_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sallyport_feature=$(sed -n 's/^JAVA_VERSION="\([0-9]\{1,4\}\).*/\1/p' "$1/release")
  [ "${sallyport_feature:-0}" -ge 25 ]
}

# A folder on each line, in the order of preference.
sallyport_places() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  sallyport_on_path=$(command -v java) && sallyport_resolve "$sallyport_on_path" | sed 's:/bin/java$::'
  for sallyport_place in /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    printf '%s\n' "$sallyport_place"
  done
  [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v 25+ 2>/dev/null || :
}

# Prints the folder of the JDK to use. Without one: a single line on stderr and 69, which is EX_UNAVAILABLE ("a support
# program does not exist"). A choice the user made is not silently replaced by another.
sallyport_jdk() {
  if [ -n "${SALLYPORT_JAVA_HOME:-}" ]; then
    if sallyport_fits "$SALLYPORT_JAVA_HOME"; then
      printf '%s\n' "$SALLYPORT_JAVA_HOME"
      return 0
    fi
    echo "sallyport: SALLYPORT_JAVA_HOME is not a JDK 25 or newer: $SALLYPORT_JAVA_HOME" >&2
    return 69
  fi
  sallyport_found=$(sallyport_places | while IFS= read -r sallyport_place; do
    if sallyport_fits "$sallyport_place"; then
      printf '%s\n' "$sallyport_place"
      break
    fi
  done)
  if [ -z "$sallyport_found" ]; then
    echo "sallyport: needs a JDK 25 or newer and found none; get one from https://adoptium.net (or: sdk install java 25-tem), or point SALLYPORT_JAVA_HOME at it" >&2
    return 69
  fi
  printf '%s\n' "$sallyport_found"
}
