package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.Admission.Entry;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal.Reason;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final Caller ANNA = new Caller("key", "anna", "1");
  private static final Caller BERT = new Caller("key", "bert", "1");

  private final Admission admission = new Admission("requests", 2, 3);

  @Test
  void a_caller_gets_as_many_places_as_it_may_have_and_no_more() {
    Entry first = admission.enter(ANNA);
    assertThat(admission.enter(ANNA)).isInstanceOf(Entry.Place.class);
    assertThat(reason(admission.enter(ANNA))).isEqualTo(Reason.TOO_MANY_REQUESTS);

    ((Entry.Place) first).close();
    assertThat(admission.enter(ANNA)).isInstanceOf(Entry.Place.class);
  }

  @Test
  void one_caller_takes_nothing_from_another_until_all_places_are_taken() {
    Entry first = admission.enter(ANNA);
    admission.enter(ANNA);
    assertThat(admission.enter(BERT)).isInstanceOf(Entry.Place.class);
    assertThat(reason(admission.enter(BERT))).isEqualTo(Reason.UNAVAILABLE);

    ((Entry.Place) first).close();
    assertThat(admission.enter(BERT)).isInstanceOf(Entry.Place.class);
    assertThat(admission.inUse()).isEqualTo(3);
  }

  @Test
  void tells_when_to_come_again() {
    admission.enter(ANNA);
    admission.enter(ANNA);
    assertThat(((Entry.Full) admission.enter(ANNA)).refusal().retryAfter()).isPresent();
  }

  private static Reason reason(Entry entry) {
    return ((Entry.Full) entry).refusal().reason();
  }
}
