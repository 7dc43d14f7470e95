package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourceLimitsTest {
  @Test
  void each_limit_is_set_by_name() {
    ResourceLimits limits =
        ResourceLimits.UNLIMITED
            .with("memory=512m")
            .flatMap(some -> some.with("processes=64"))
            .flatMap(some -> some.with("files=256"))
            .flatMap(some -> some.with("cpus=1.5"))
            .orElseThrow();

    assertThat(limits.memory()).hasValue(512L << 20);
    assertThat(limits.processes()).hasValue(64);
    assertThat(limits.files()).hasValue(256);
    assertThat(limits.cpus()).hasValue(1.5);
    assertThat(limits.text()).isEqualTo("512 MiB, 64 processes, 256 open files, 1.500 cpus");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory",
        "memory=",
        "memory=2t",
        "memory=-1",
        "memory=1k",
        "memory=999999999999g",
        "processes=0",
        "processes=1.5",
        "files=1",
        "cpus=0",
        "cpus=x",
        "disk=1g",
        "",
        "=1"
      })
  void what_is_no_limit_is_refused(String setting) {
    assertThat(ResourceLimits.DEFAULT.with(setting)).isEmpty();
  }
}
