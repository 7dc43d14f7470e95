package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnvelopePropertyTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);
  private static final int TIMES = 3_000;

  @Test
  void rewriting_changes_no_value_and_never_grows() {
    Randomly.check(
        TIMES,
        random -> {
          String text = Randomly.json(random, 4);
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

          Json rewritten = Json.parse(utf8, JsonBounds.DEFAULT);

          assertThat(Plain.tree(rewritten.text())).isEqualTo(Plain.tree(text));
          assertThat(rewritten.length()).isLessThanOrEqualTo(utf8.length);
          assertThat(rewritten.array()).as("the buffer never had to grow").hasSize(sizeFor(utf8));
        });
  }

  @Test
  void rewriting_once_is_enough() {
    Randomly.check(
        TIMES,
        random -> {
          Json once = Json.parse(Randomly.json(random, 4));

          assertThat(Json.parse(once.text())).isEqualTo(once);
        });
  }

  @Test
  void a_request_comes_out_as_it_went_in() {
    Randomly.check(
        TIMES,
        random -> {
          String id = random.nextBoolean() ? Randomly.string(random) : integer(random);
          String params = Randomly.object(random, 3);
          byte[] text =
              ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"m\",\"params\":" + params + "}")
                  .getBytes(StandardCharsets.UTF_8);

          Envelope.Reading reading = ENVELOPE.readFromClient(text);

          Message.Request request = (Message.Request) ((Envelope.Reading.Single) reading).message();
          String written = new String(request.toBytes(), StandardCharsets.UTF_8);
          assertThat(Plain.tree(request.id().token().text())).isEqualTo(Plain.tree(id));
          assertThat(Plain.tree(request.params().toJson().text())).isEqualTo(Plain.tree(params));
          assertThat(ENVELOPE.readFromClient(written.getBytes(StandardCharsets.UTF_8)))
              .isEqualTo(reading);
        });
  }

  @Test
  void a_result_is_spliced_byte_for_byte() {
    Randomly.check(
        TIMES,
        random -> {
          String value = Randomly.json(random, 4);
          byte[] text =
              ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"v\": " + value + " }}")
                  .getBytes(StandardCharsets.UTF_8);

          Envelope.Reading reading = ENVELOPE.readFromServer(text);

          Message.Result result = (Message.Result) ((Envelope.Reading.Single) reading).message();
          assertThat(result.result().get("v")).map(Json::text).contains(value);
        });
  }

  @Test
  void both_ways_of_reading_see_the_same_message() {
    Randomly.check(
        TIMES,
        random -> {
          byte[] text =
              ("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":"
                      + Randomly.object(random, 3)
                      + "}")
                  .getBytes(StandardCharsets.UTF_8);

          assertThat(tree(ENVELOPE.readFromServer(text)))
              .isEqualTo(tree(ENVELOPE.readFromClient(text)));
        });
  }

  @Test
  void damaged_text_is_refused_or_read_but_never_breaks_the_reader() {
    Randomly.check(
        TIMES,
        random -> {
          byte[] text =
              ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":"
                      + Randomly.object(random, 3)
                      + "}")
                  .getBytes(StandardCharsets.UTF_8);
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text[random.nextInt(text.length)] = (byte) random.nextInt(256);
          }

          Envelope.Reading reading = ENVELOPE.readFromClient(text);

          if (reading instanceof Envelope.Reading.Single single) {
            byte[] written = single.message().toBytes();
            assertThat(ENVELOPE.readFromClient(written)).isEqualTo(reading);
          } else {
            assertThat(reading).isInstanceOf(Envelope.Reading.Broken.class);
          }
        });
  }

  @Test
  void strings_survive_being_written_and_read() {
    Randomly.check(
        TIMES,
        random -> {
          String text = Randomly.text(random);

          assertThat(Json.of(text).asString()).contains(text);
          assertThat(Json.parse(Json.of(text).text())).isEqualTo(Json.of(text));
        });
  }

  @Test
  void header_values_survive_being_encoded_and_decoded() {
    Randomly.check(
        TIMES,
        random -> {
          String text = Randomly.text(random);
          String field = HeaderValue.encode(text);

          assertThat(HeaderValue.decode(field)).contains(text);
          assertThat(field.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
          assertThat(field.strip()).isEqualTo(field);
        });
  }

  @Test
  void numbers_are_told_apart_exactly() {
    Randomly.check(
        TIMES,
        random -> {
          String one = Randomly.number(random).replaceAll("[eE].*", "");
          String other = Randomly.number(random).replaceAll("[eE].*", "");

          assertThat(CallDigest.exactly(one).equals(CallDigest.exactly(other)))
              .isEqualTo(new BigDecimal(one).compareTo(new BigDecimal(other)) == 0);
          assertThat(new BigDecimal(CallDigest.exactly(one)))
              .isEqualByComparingTo(new BigDecimal(one));
        });
  }

  private static int sizeFor(byte[] utf8) {
    return Math.max(16, utf8.length);
  }

  private static String integer(Random random) {
    return Long.toString(random.nextLong());
  }

  private static Object tree(Envelope.Reading reading) {
    Message message = ((Envelope.Reading.Single) reading).message();
    return Plain.tree(new String(message.toBytes(), StandardCharsets.UTF_8));
  }
}
