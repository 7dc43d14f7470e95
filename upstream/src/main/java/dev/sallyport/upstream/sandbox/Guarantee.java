package dev.sallyport.upstream.sandbox;

/** What a sandbox can hold; {@code strict} is all of it. */
enum Guarantee {
  PROCESSES("own view of processes"),
  SYSTEM("read-only system"),
  TEMPORARY("private /tmp and /dev/shm"),
  NAMESPACES("own mounts, ipc and host name"),
  NETWORK("no network unless allowed"),
  PRIVILEGES("no new privileges"),
  CAPABILITIES("no capabilities"),
  MEMORY("memory limit"),
  PROCESS_LIMIT("process limit"),
  FILES("limit of open files"),
  CPUS("limit of processor time");

  private final String text;

  Guarantee(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
