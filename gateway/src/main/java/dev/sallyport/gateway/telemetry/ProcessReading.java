package dev.sallyport.gateway.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the process and its JVM take, under the names that dashboards know. What the system does not
 * tell is left out. Only loaded when the page is first asked for.
 */
final class ProcessReading {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessReading() {}

  static void writeTo(Exposition page) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      page.family("process_cpu_seconds_total", "counter", "Processor time, user and system.")
          .sample("process_cpu_seconds_total", system.getProcessCpuTime() / 1e9, Map.of());
      gauge(page, "process_open_fds", "Open files.", system.getOpenFileDescriptorCount());
      gauge(page, "process_max_fds", "Open files at most.", system.getMaxFileDescriptorCount());
    }
    residentBytes()
        .ifPresent(bytes -> gauge(page, "process_resident_memory_bytes", "Memory.", bytes));
    ProcessHandle.current()
        .info()
        .startInstant()
        .ifPresent(
            start ->
                page.family("process_start_time_seconds", "gauge", "Its start, since 1970.")
                    .sample("process_start_time_seconds", start.toEpochMilli() / 1e3, Map.of()));
    memory(page);
    threads(page);
    collections(page);
  }

  private static void gauge(Exposition page, String name, String help, long value) {
    page.family(name, "gauge", help).sample(name, value, Map.of());
  }

  /** Linux alone tells; kB there are 1,024 bytes. */
  private static Optional<Long> residentBytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .findFirst();
    } catch (IOException | NumberFormatException notLinux) {
      return Optional.empty();
    }
  }

  private static void memory(Exposition page) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage rest = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    areas(page, "jvm_memory_used_bytes", "Memory in use.", heap.getUsed(), rest.getUsed());
    areas(
        page,
        "jvm_memory_committed_bytes",
        "Memory taken from the system.",
        heap.getCommitted(),
        rest.getCommitted());
    areas(
        page,
        "jvm_memory_max_bytes",
        "Memory at most; -1: no bound.",
        heap.getMax(),
        rest.getMax());
  }

  private static void areas(Exposition page, String name, String help, long heap, long rest) {
    page.family(name, "gauge", help)
        .sample(name, heap, Map.of("area", "heap"))
        .sample(name, rest, Map.of("area", "nonheap"));
  }

  /** Virtual threads are none of these. */
  private static void threads(Exposition page) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    gauge(page, "jvm_threads_current", "Platform threads.", threads.getThreadCount());
    gauge(page, "jvm_threads_daemon", "Daemons among them.", threads.getDaemonThreadCount());
    gauge(page, "jvm_threads_peak", "The most there were.", threads.getPeakThreadCount());
  }

  private static void collections(Exposition page) {
    String name = "jvm_gc_collection_seconds";
    page.family(name, "summary", "Time in garbage collections.");
    for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
      Map<String, String> labels = Map.of("gc", each.getName());
      page.sample(name + "_count", each.getCollectionCount(), labels);
      page.sample(name + "_sum", each.getCollectionTime() / 1e3, labels);
    }
  }
}
