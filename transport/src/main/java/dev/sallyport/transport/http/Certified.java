package dev.sallyport.transport.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A listener's certificate and its key, as they were last read and could be used. Thread-safe. */
final class Certified {
  private final TlsFiles files;
  private final Vertx vertx;
  private final InstantSource clock;
  private final AtomicReference<PemIdentity.Loaded> current;

  private Certified(TlsFiles files, Vertx vertx, InstantSource clock, PemIdentity.Loaded first) {
    this.files = files;
    this.vertx = vertx;
    this.clock = clock;
    current = new AtomicReference<>(first);
  }

  static Certified load(TlsFiles files, Vertx vertx, InstantSource clock) throws ListenException {
    return new Certified(files, vertx, clock, read(files, vertx));
  }

  private static PemIdentity.Loaded read(TlsFiles files, Vertx vertx) throws ListenException {
    try {
      return PemIdentity.loadWhole(files, vertx);
    } catch (PemException unusable) {
      throw new ListenException(
          ListenException.Fault.CERTIFICATE, String.valueOf(unusable.getMessage()), unusable);
    }
  }

  PemKeyCertOptions identity() {
    return current.get().options();
  }

  ListenerCertificate certificate() {
    return ListenerCertificate.of(files.certificate(), current.get());
  }

  /**
   * @param show has the engine show it
   * @return whether it is another one
   */
  boolean renew(Function<PemKeyCertOptions, Future<?>> show) throws ListenException {
    PemIdentity.Loaded next = read(files, vertx);
    if (next.options().equals(identity())) {
      return false;
    }
    ListenerCertificate shown = ListenerCertificate.of(files.certificate(), next);
    if (shown.isExpired(clock.instant())) {
      throw new ListenException(
          ListenException.Fault.CERTIFICATE,
          "the certificate in " + shown.file() + " has expired, " + shown.until());
    }
    Optional<? extends AsyncResult<?>> result =
        HttpEngine.settle("renew the certificate", show.apply(next.options()), HttpEngine.PROMPT);
    if (result.isEmpty() || result.get().failed()) {
      throw new ListenException(
          ListenException.Fault.CERTIFICATE,
          "the certificate in " + shown.file() + " could not be put into use");
    }
    current.set(next);
    return true;
  }
}
