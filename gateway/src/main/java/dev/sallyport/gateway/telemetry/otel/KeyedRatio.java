package dev.sallyport.gateway.telemetry.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.HexFormat;
import java.util.List;

/**
 * Samples a part of all traces, all of a trace or nothing of it. Callers choose the ids of their
 * traces, so a key of ours goes into the choice: nobody outside can know which ids are sampled, and
 * so nobody decides what it costs us. Thread-safe.
 */
final class KeyedRatio implements Sampler {
  private static final int LOW_HALF = 16;
  private static final double ALL = 0x1p53;

  private final long below;
  private final long key;

  /**
   * @param ratio from 0 to 1
   * @param key anything that nobody knows
   */
  KeyedRatio(double ratio, long key) {
    this.below = (long) (ratio * ALL);
    this.key = key;
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    long id = HexFormat.fromHexDigitsToLong(traceId, LOW_HALF, traceId.length());
    return mixed(mixed(id ^ key) + key) >>> 11 < below
        ? SamplingResult.recordAndSample()
        : SamplingResult.drop();
  }

  /** Each bit of the result depends on each of the number (the finalizer of MurmurHash3). */
  private static long mixed(long number) {
    long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  @Override
  public String getDescription() {
    return "KeyedRatio";
  }
}
