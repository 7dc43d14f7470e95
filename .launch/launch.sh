# Sourced by ./sallyport and examples/*/run, with sallyport_root set. Builds on first use, then becomes the program.
# stdout belongs to the program alone, because it may carry the protocol: everything said here goes to stderr.

. "$sallyport_root/.launch/jdk.sh"

# sallyport_build MODULE,MODULE...   One builder at a time: a client may start several of us at once, and two Mavens in one
# target folder break each other.
sallyport_build() {
  sallyport_lock=$sallyport_root/target/launch.lock
  sallyport_log=$sallyport_root/target/launch.log
  mkdir -p "$sallyport_root/target" || return 1
  if ! mkdir "$sallyport_lock" 2>/dev/null; then
    echo "sallyport: waiting for another process that is building" >&2
    while ! mkdir "$sallyport_lock" 2>/dev/null; do
      sallyport_owner=$(cat "$sallyport_lock/pid" 2>/dev/null) || sallyport_owner=
      sleep 1
      # The owner writes its id right after making the folder: none a second later, or a dead one, is a build that was cut off.
      if [ "$sallyport_owner" = "$(cat "$sallyport_lock/pid" 2>/dev/null)" ] && ! kill -0 "${sallyport_owner:-x}" 2>/dev/null; then
        rm -rf "$sallyport_lock"
      fi
    done
  fi
  trap 'rm -rf "$sallyport_lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo $$ >"$sallyport_lock/pid"
  sallyport_status=0
  sallyport_built || { sallyport_maven "$1" && sallyport_train; } || sallyport_status=$?
  rm -rf "$sallyport_lock"
  trap - EXIT INT TERM
  return $sallyport_status
}

sallyport_maven() {
  echo "sallyport: first use, building (a few minutes; log: $sallyport_log)" >&2
  # The last line in the pipe carries Maven's exit code; what a pipe itself returns is the code of its reader.
  {
    cd "$sallyport_root" && JAVA_HOME=$sallyport_java_home ./mvnw -B -DskipTests -pl "$1" -am package </dev/null 2>&1
    echo "sallyport-exit $?"
  } | tee "$sallyport_log" | (while IFS= read -r sallyport_line; do
    case $sallyport_line in
      '[INFO] Building sallyport-'*) echo "sallyport: ${sallyport_line#\[INFO\] }" | sed 's/ \{2,\}/ /g' >&2 ;;
      'sallyport-exit 0') exit 0 ;;
      'sallyport-exit '*)
        grep '^\[ERROR\]' "$sallyport_log" | head -n 5 >&2
        echo "sallyport: the build failed; the whole log is $sallyport_log" >&2
        exit 1
        ;;
    esac
  done)
}

# Whatever the JVM itself has to say goes to stderr. No attaching, no core dumps and no perf file: a process of the same
# user could read our secrets there. Native access and Unsafe are for Netty and SQLite. The serial collector brings no threads
# of its own that would compete with event loops on a small machine; SALLYPORT_JAVA_OPTS chooses another.
sallyport_options="-XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr
  -XX:+DisableAttachMechanism -XX:-CreateCoredumpOnCrash -XX:-UsePerfData
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
# A start is over before what it compiles has paid for itself, so the first compiler comes in five times later than by default. The
# second comes in as ever, or a server under load would take a minute to get to its rate.
sallyport_options="$sallyport_options -XX:Tier3InvocationThreshold=1000 -XX:Tier3MinInvocationThreshold=500
  -XX:Tier3CompileThreshold=10000 -XX:Tier3BackEdgeThreshold=300000"
# The profiles in the AOT cache are those of a start: code that is compiled by them stays slower under load, and no start gains.
sallyport_options="$sallyport_options -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining"
# Nobody records Netty's buffers, and being ready for it costs the first request a tenth of a second.
sallyport_options="$sallyport_options -Dio.netty.jfr.enabled=false"
# A process without memory must not go on with half of its threads: whoever watches over it starts it anew.
sallyport_options="$sallyport_options -XX:+ExitOnOutOfMemoryError"
# A quarter of the memory, and no more than 1 GiB: this collector lets the heap grow to its bound before it looks for old garbage.
sallyport_options="$sallyport_options -XX:MaxRAM=4g"
case ${SALLYPORT_JAVA_OPTS:-} in
  *-XX:+Use*GC*) ;;
  *) sallyport_options="$sallyport_options -XX:+UseSerialGC" ;;
esac

# sallyport_native JAR   Prints where the native part of SQLite lies, unpacked for this machine. Without it, or when it does not
# fit (another C library), the driver finds out by itself, which takes longer.
sallyport_native() {
  printf '%s\n' "${1%/*}/native/org/sqlite/native/$(uname -sm | tr ' ' /)"
}

# sallyport_train   Makes the AOT cache beside the jar, which halves the CPU of a start, by running the demo's check once. A
# luxury: without it everything works, so what goes wrong here is not told.
sallyport_train() {
  sallyport_jar=$sallyport_root/cli/target/sallyport/sallyport.jar
  [ -f "$sallyport_jar" ] || return 0
  sallyport_aot=${sallyport_jar%.jar}.aot
  # With data of its own, and written under another name: who starts meanwhile must not see half of it.
  # shellcheck disable=SC2086 # the options are words on purpose
  if SALLYPORT_DATA_DIR=$sallyport_root/target/launch-data "$sallyport_java_home/bin/java" $sallyport_options \
    -Dsallyport.home="$sallyport_root" -Dorg.sqlite.lib.path="$(sallyport_native "$sallyport_jar")" \
    -XX:AOTCacheOutput="$sallyport_aot.new" -jar "$sallyport_jar" demo --check \
    </dev/null >/dev/null 2>&1 && [ -f "$sallyport_aot.new" ]; then
    mv "$sallyport_aot.new" "$sallyport_aot"
  fi
}

# sallyport_launch MODULES JAR... -- ARGS...   Builds MODULES unless every JAR is there, then becomes the first JAR.
sallyport_launch() {
  sallyport_modules=$1 sallyport_jar=$sallyport_root/$2 sallyport_jars=
  shift
  while [ "$1" != -- ]; do
    sallyport_jars="$sallyport_jars $1"
    shift
  done
  shift
  sallyport_java_home=$(sallyport_jdk) || exit $?
  sallyport_built || sallyport_build "$sallyport_modules" || exit $?

  # A cache that is older than the jar would only be refused.
  sallyport_aot=${sallyport_jar%.jar}.aot
  if [ "$sallyport_aot" -nt "$sallyport_jar" ]; then
    set -- -XX:AOTCache="$sallyport_aot" -Xlog:aot*=off:stderr -Xlog:cds*=off:stderr -jar "$sallyport_jar" "$@"
  else
    set -- -jar "$sallyport_jar" "$@"
  fi
  # shellcheck disable=SC2086 # the options are words on purpose
  exec "$sallyport_java_home/bin/java" $sallyport_options \
    -Dsallyport.home="$sallyport_root" -Dorg.sqlite.lib.path="$(sallyport_native "$sallyport_jar")" ${SALLYPORT_JAVA_OPTS:-} "$@"
}

# The jar is written last of all, so a build that was cut off does not look complete.
sallyport_built() {
  for sallyport_each in $sallyport_jars; do
    [ -f "$sallyport_root/$sallyport_each" ] || return 1
  done
}
