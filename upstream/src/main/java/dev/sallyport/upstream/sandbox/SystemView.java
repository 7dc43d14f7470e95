package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What of the system every server may read: programs, and settings that are no secret. */
final class SystemView {
  private static final List<String> PROGRAMS =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix");

  // Of folders that also hold private keys only the public part.
  private static final List<String> SETTINGS =
      List.of(
          "hosts",
          "host.conf",
          "hostname",
          "resolv.conf",
          "nsswitch.conf",
          "gai.conf",
          "networks",
          "services",
          "protocols",
          "passwd",
          "group",
          "localtime",
          "timezone",
          "os-release",
          "debian_version",
          "mime.types",
          "magic",
          "terminfo",
          "locale.alias",
          "locale.conf",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "alternatives",
          "fonts",
          "ssl/certs",
          "ssl/cert.pem",
          "ssl/openssl.cnf",
          "ca-certificates",
          "ca-certificates.conf",
          "pki/ca-trust",
          "pki/tls/certs",
          "pki/tls/cert.pem",
          "pki/tls/openssl.cnf",
          "crypto-policies");

  private static final Path ETC = Path.of("/etc");

  private SystemView() {}

  /** Folders of programs; some may be links to others. */
  static List<Path> programs() {
    return PROGRAMS.stream().map(Path::of).filter(Files::isDirectory).toList();
  }

  /** Files and folders below /etc, by the names programs know. */
  static List<Path> settings() {
    List<Path> all =
        new ArrayList<>(SETTINGS.stream().map(ETC::resolve).filter(Files::isReadable).toList());
    for (String family : List.of("java*", "python3*")) {
      try (DirectoryStream<Path> some = Files.newDirectoryStream(ETC, family)) {
        some.forEach(all::add);
      } catch (IOException | DirectoryIteratorException e) {
        return all; // Without /etc there is nothing to show.
      }
    }
    return all;
  }

  /** What is told to the kernel, and mostly holds for the whole machine. */
  static List<Path> kernelSettings() {
    return Stream.of(
            "acpi",
            "asound",
            "bus",
            "driver",
            "dynamic_debug",
            "fs",
            "irq",
            "mtrr",
            "pressure",
            "scsi",
            "sys",
            "sysrq-trigger")
        .map(Path.of("/proc")::resolve)
        .filter(Files::exists)
        .toList();
  }

  /** What is no file but looks like one, and is of use to everybody. */
  static List<Path> devices() {
    return Stream.of("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts")
        .map(Path.of("/dev")::resolve)
        .filter(Files::exists)
        .toList();
  }

  /** What the kernel tells of the machine and of processes. */
  static List<Path> facts() {
    return Stream.of("/proc", "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm", "/dev/fd")
        .map(Path::of)
        .filter(Files::isDirectory)
        .toList();
  }
}
