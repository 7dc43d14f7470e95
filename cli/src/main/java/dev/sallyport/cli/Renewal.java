package dev.sallyport.cli;

import dev.sallyport.gateway.Gateway;
import dev.sallyport.transport.http.CertificateRenewal;
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

  /** Of what it was last said that it is to be tried again. */
  private Seen postponed = Seen.NOTHING;

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
    Seen now = seen.now();
    switch (gateway.renewCertificate()) {
      case CertificateRenewal.Same same -> seen = now;
      case CertificateRenewal.Renewed(ListenerCertificate next) -> {
        seen = now;
        screen.done("renewed", "certificate " + next.file() + ", until " + next.until());
      }
      case CertificateRenewal.Refused(String why) -> {
        seen = now;
        screen.warn(why);
      }
      // Not taken for seen, so that the next look tries the same again.
      case CertificateRenewal.Postponed(String why) -> {
        if (!postponed.equals(now)) {
          screen.warn(why);
        }
        postponed = now;
      }
    }
  }
}
