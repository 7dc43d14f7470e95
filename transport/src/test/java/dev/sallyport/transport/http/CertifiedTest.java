package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.net.KeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is renewed on all loops, or on none. */
class CertifiedTest {
  private static final HttpEngine ENGINE = HttpEngine.begin(1);

  @TempDir private static Path folder;
  private static Identity first;
  private static Identity second;

  private TlsFiles files = new TlsFiles(Path.of(""), Path.of(""));

  @BeforeAll
  static void makeIdentities() throws Exception {
    first = Identity.make(folder, "first", "EC");
    second = Identity.make(folder, "second", "EC");
  }

  @AfterAll
  static void endEngine() {
    ENGINE.close();
  }

  @BeforeEach
  void serveTheFirst(@TempDir Path own) throws Exception {
    files = new TlsFiles(own.resolve("tls.crt"), own.resolve("tls.key"));
    place(first);
  }

  private void place(Identity identity) throws Exception {
    copy(identity.files().certificate(), files.certificate());
    copy(identity.files().key(), files.key());
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private Certified certified() throws ListenException {
    return Certified.load(files, ENGINE.vertx(), InstantSource.system());
  }

  /** A loop that takes what it is given, but for the first so many times. */
  private static final class FakeLoop implements Certified.Loop {
    private int failures;
    private Optional<KeyCertOptions> shown = Optional.empty();
    private int asked;

    FakeLoop(int failures) {
      this.failures = failures;
    }

    @Override
    public Future<?> show(KeyCertOptions identity) {
      asked++;
      if (failures > 0) {
        failures--;
        return Future.failedFuture("as it is meant to");
      }
      shown = Optional.of(identity);
      return Future.succeededFuture();
    }
  }

  @Test
  void all_loops_take_the_same_keys() throws Exception {
    Certified certified = certified();
    FakeLoop one = new FakeLoop(0);
    FakeLoop two = new FakeLoop(0);
    place(second);
    assertThat(certified.renew(List.of(one, two)))
        .isEqualTo(new CertificateRenewal.Renewed(certified.certificate()));
    assertThat(one.shown).containsSame(certified.identity());
    assertThat(two.shown).containsSame(certified.identity());
    assertThat(certified.renew(List.of(one, two))).isEqualTo(new CertificateRenewal.Same());
    assertThat(one.asked).as("not again for the same").isEqualTo(1);
  }

  @Test
  void when_one_fails_those_that_took_it_get_the_old_one_back_and_a_later_look_tries_again()
      throws Exception {
    Certified certified = certified();
    KeyCertOptions old = certified.identity();
    FakeLoop one = new FakeLoop(0);
    FakeLoop two = new FakeLoop(1);
    FakeLoop three = new FakeLoop(0);
    place(second);
    assertThat(certified.renew(List.of(one, two, three)))
        .isEqualTo(
            new CertificateRenewal.Postponed(
                "the certificate in "
                    + files.certificate()
                    + " could not be put into use; the certificate that was in use stays"));
    assertThat(certified.identity()).isSameAs(old);
    assertThat(one.shown).containsSame(old);
    assertThat(two.shown).as("it might have taken it late").containsSame(old);
    assertThat(three.asked).as("its turn did not come").isZero();
    assertThat(certified.renew(List.of(one, two, three)))
        .isInstanceOf(CertificateRenewal.Renewed.class);
    assertThat(certified.identity()).isNotSameAs(old);
    assertThat(List.of(one.shown, two.shown, three.shown))
        .containsOnly(Optional.of(certified.identity()));
  }

  @Test
  void when_not_even_the_old_one_can_be_put_back_that_is_said_and_mended_at_a_later_look()
      throws Exception {
    Certified certified = certified();
    FakeLoop one = new FakeLoop(0);
    FakeLoop two = new FakeLoop(2);
    place(second);
    assertThat(certified.renew(List.of(one, two)))
        .isEqualTo(
            new CertificateRenewal.Postponed(
                "the certificate in "
                    + files.certificate()
                    + " could not be put into use; new connections may be shown that one or the"
                    + " one before, until it is tried again"));
    place(first);
    assertThat(certified.renew(List.of(one, two)))
        .as("the old one counts as another until all are known to show it")
        .isInstanceOf(CertificateRenewal.Renewed.class);
    assertThat(one.shown).containsSame(certified.identity());
    assertThat(two.shown).containsSame(certified.identity());
    assertThat(certified.renew(List.of(one, two))).isEqualTo(new CertificateRenewal.Same());
  }

  @Test
  void a_loop_that_listens_no_more_is_one_that_fails() throws Exception {
    Certified certified = certified();
    KeyCertOptions old = certified.identity();
    place(second);
    Certified.Loop closed =
        identity -> {
          throw new IllegalStateException("Not listening");
        };
    assertThat(certified.renew(List.of(closed))).isInstanceOf(CertificateRenewal.Postponed.class);
    assertThat(certified.identity()).isSameAs(old);
  }

  @Test
  void no_loop_is_asked_for_what_cannot_be_used() throws Exception {
    Certified certified = certified();
    FakeLoop loop = new FakeLoop(0);
    copy(second.files().certificate(), files.certificate());
    assertThat(certified.renew(List.of(loop))).isInstanceOf(CertificateRenewal.Refused.class);
    assertThat(loop.asked).isZero();
  }

  @Test
  void one_that_was_not_valid_yet_is_taken_when_its_time_has_come() throws Exception {
    Identity authority = Identity.authority(folder, "authority");
    Identity early = authority.issue(folder, "localhost", Identity.Validity.NOT_YET);
    FakeLoop loop = new FakeLoop(0);
    InstantSource[] clock = {InstantSource.system()};
    Certified certified = Certified.load(files, ENGINE.vertx(), () -> clock[0].instant());
    place(early);
    assertThat(certified.renew(List.of(loop))).isInstanceOf(CertificateRenewal.Postponed.class);
    assertThat(loop.asked).isZero();
    clock[0] = InstantSource.fixed(early.certificate().getNotBefore().toInstant());
    assertThat(certified.renew(List.of(loop))).isInstanceOf(CertificateRenewal.Renewed.class);
    assertThat(loop.shown).containsSame(certified.identity());
  }
}
