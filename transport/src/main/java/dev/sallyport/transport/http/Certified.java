package dev.sallyport.transport.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A listener's certificate and its key, as they were last read and could be used. At the start one
 * that has expired is shown all the same, since there is no better; it never takes the place of
 * another. One that is not valid yet is not shown at all: mostly it is the clock that is wrong, and
 * then so is whatever else goes by time. Read by all threads; renewed by one at a time.
 */
final class Certified {
  private static final String STAYS = "; the certificate that was in use stays";
  private static final String EITHER =
      "; new connections may be shown that one or the one before, until it is tried again";

  private final TlsFiles files;
  private final Vertx vertx;
  private final InstantSource clock;
  private final AtomicReference<PemIdentity.Loaded> current;

  /** Whether not all loops are known to show the current one. */
  private boolean torn;

  /** One loop's, which shows an identity to connections from now on. */
  interface Loop {
    /**
     * @throws IllegalStateException when it listens no more
     */
    Future<?> show(KeyCertOptions identity);
  }

  private Certified(TlsFiles files, Vertx vertx, InstantSource clock, PemIdentity.Loaded first) {
    this.files = files;
    this.vertx = vertx;
    this.clock = clock;
    current = new AtomicReference<>(first);
  }

  static Certified load(TlsFiles files, Vertx vertx, InstantSource clock) throws ListenException {
    try {
      Certified certified = new Certified(files, vertx, clock, PemIdentity.loadWhole(files, vertx));
      Instant now = clock.instant();
      if (certified.certificate().isEarly(now)) {
        throw new ListenException(
            ListenException.Fault.CERTIFICATE, early(certified.certificate(), now));
      }
      return certified;
    } catch (PemException unusable) {
      throw new ListenException(
          ListenException.Fault.CERTIFICATE, String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private static String early(ListenerCertificate certificate, Instant now) {
    return "the certificate in %s is not valid before %s, and it is %s by the clock of this machine"
            .formatted(certificate.file(), certificate.from(), now.truncatedTo(ChronoUnit.SECONDS))
        + ": set the clock right, or take one that is valid";
  }

  KeyCertOptions identity() {
    return current.get().identity();
  }

  ListenerCertificate certificate() {
    return ListenerCertificate.of(files.certificate(), current.get().certificate());
  }

  /** Has all loops show what the files hold now, or none of them. */
  CertificateRenewal renew(List<? extends Loop> loops) {
    try {
      X509Certificate first = PemIdentity.certificate(files.certificate());
      ListenerCertificate next = ListenerCertificate.of(files.certificate(), first);
      if (!first.equals(current.get().certificate())) {
        // Before the keys are made, which costs far more, and may be in vain at many looks.
        Instant now = clock.instant();
        if (next.isExpired(now)) {
          return new CertificateRenewal.Refused(
              "the certificate in " + next.file() + " has expired, " + next.until() + shown());
        }
        if (next.isEarly(now)) {
          return new CertificateRenewal.Postponed(early(next, now) + shown());
        }
      }
      return renew(loops, PemIdentity.loadWhole(files, vertx));
    } catch (PemException unusable) {
      return new CertificateRenewal.Refused(unusable.getMessage() + shown());
    }
  }

  private CertificateRenewal renew(List<? extends Loop> loops, PemIdentity.Loaded next) {
    if (!torn && next.isOf(current.get())) {
      return new CertificateRenewal.Same();
    }
    if (showAll(loops, next)) {
      return new CertificateRenewal.Renewed(certificate());
    }
    return new CertificateRenewal.Postponed(
        "the certificate in " + files.certificate() + " could not be put into use" + shown());
  }

  private String shown() {
    return torn ? EITHER : STAYS;
  }

  private boolean showAll(List<? extends Loop> loops, PemIdentity.Loaded next) {
    int asked = 0;
    boolean all = true;
    while (all && asked < loops.size()) {
      all = isShown(loops.get(asked++), next);
    }
    if (all) {
      current.set(next);
      torn = false;
      return true;
    }
    // The last one may have taken it all the same, or may do so late.
    boolean allBack = true;
    for (Loop loop : loops.subList(0, asked)) {
      allBack &= isShown(loop, current.get());
    }
    torn = !allBack;
    return false;
  }

  private static boolean isShown(Loop loop, PemIdentity.Loaded identity) {
    try {
      Optional<? extends AsyncResult<?>> result =
          HttpEngine.settle(
              "show a certificate", loop.show(identity.identity()), HttpEngine.PROMPT);
      return result.isPresent() && result.get().succeeded();
    } catch (IllegalStateException closed) {
      return false;
    }
  }
}
