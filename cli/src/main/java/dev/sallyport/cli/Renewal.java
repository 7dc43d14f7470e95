package dev.sallyport.cli;

import dev.sallyport.gateway.Gateway;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenerCertificate;
import dev.sallyport.transport.http.TlsFiles;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The listener's certificate, which is shown to new connections as soon as it is another one. */
final class Renewal implements FileWatch.Watched {
  private final Screen screen;
  private final Gateway gateway;
  private Seen seen;

  private Renewal(Screen screen, Gateway gateway, Seen seen) {
    this.screen = screen;
    this.gateway = gateway;
    this.seen = seen;
  }

  /** The files of a listener, to be looked at before it reads them. */
  static Seen look(Optional<TlsFiles> files) {
    return files.map(some -> Seen.of(List.of(some.certificate(), some.key()))).orElse(Seen.NOTHING);
  }

  /** Says whether the certificate has expired. Nothing to watch without one. */
  static List<Renewal> of(Screen screen, Gateway gateway, Seen read, InstantSource clock) {
    Optional<ListenerCertificate> shown = gateway.certificate();
    shown
        .filter(certificate -> certificate.isExpired(clock.instant()))
        .ifPresent(
            expired ->
                screen.warn(
                    "the certificate in "
                        + expired.file()
                        + " has expired, "
                        + expired.until()
                        + "; clients will refuse it"));
    return shown.isPresent() ? List.of(new Renewal(screen, gateway, read)) : List.of();
  }

  @Override
  public Seen seen() {
    return seen;
  }

  /** That one is gone is to be said as well. */
  @Override
  public boolean wants(Seen others) {
    return true;
  }

  @Override
  public void again() {
    seen = seen.now();
    try {
      if (gateway.renewCertificate()) {
        gateway
            .certificate()
            .ifPresent(
                now ->
                    screen.done("renewed", "certificate " + now.file() + ", until " + now.until()));
      }
    } catch (ListenException unusable) {
      screen.warn(unusable.getMessage() + "; the certificate that was in use stays");
    }
  }
}
