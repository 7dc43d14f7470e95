package dev.sallyport.gateway.telemetry.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Sends spans. What it takes for that is made with the first of them, by the thread that sends: a
 * start has no time for it. Thread-safe.
 */
final class SpanSender implements SpanExporter {
  private final Supplier<SpanExporter> making;
  private final Reception reception;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<SpanExporter> made = Optional.empty();

  SpanSender(Supplier<SpanExporter> making, Reception reception) {
    this.making = making;
    this.reception = reception;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return reception.watch(exporter().export(spans));
  }

  private SpanExporter exporter() {
    lock.lock();
    try {
      SpanExporter exporter = made.orElseGet(making);
      made = Optional.of(exporter);
      return exporter;
    } finally {
      lock.unlock();
    }
  }

  private Optional<SpanExporter> made() {
    lock.lock();
    try {
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableResultCode flush() {
    return made().map(SpanExporter::flush).orElseGet(CompletableResultCode::ofSuccess);
  }

  @Override
  public CompletableResultCode shutdown() {
    return made().map(SpanExporter::shutdown).orElseGet(CompletableResultCode::ofSuccess);
  }
}
