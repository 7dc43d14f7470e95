# Sourced by the launchers. Finds the java of a JDK 25 or newer; stdout carries the answer and nothing else.

# The feature version of the JDK in folder $1, or nothing. Read from its `release` file: starting a JVM to ask costs more
# than everything else here together.
sallyport_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# A JDK folder on each line, in the order of preference.
sallyport_homes() {
  [ -z "${SALLYPORT_JAVA_HOME:-}" ] || echo "$SALLYPORT_JAVA_HOME"
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  if command -v java >/dev/null 2>&1; then
    sallyport_link=$(sallyport_resolve "$(command -v java)")
    echo "${sallyport_link%/bin/java}"
  fi
  for sallyport_home in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ ! -d "$sallyport_home" ] || echo "$sallyport_home"
  done
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v 25+ 2>/dev/null || :; fi
}

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

# Prints the java to use; without one says so in one line and returns 69: what we need is not there.
sallyport_java() {
  sallyport_found=$(sallyport_homes | while IFS= read -r sallyport_home; do
    sallyport_feature=$(sallyport_version "$sallyport_home")
    if [ "${sallyport_feature:-0}" -ge 25 ]; then
      printf '%s\n' "$sallyport_home/bin/java"
      break
    fi
  done)
  if [ -z "$sallyport_found" ]; then
    echo "sallyport: no JDK 25 or newer was found; install one (https://adoptium.net, or: sdk install java 25-tem) or point SALLYPORT_JAVA_HOME at it." >&2
    return 69
  fi
  printf '%s\n' "$sallyport_found"
}
