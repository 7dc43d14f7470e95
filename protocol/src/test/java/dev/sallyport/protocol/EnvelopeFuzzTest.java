package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class EnvelopeFuzzTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);

  /** Whatever comes is read or refused; what is read is what any other parser would read. */
  @FuzzTest
  void reads(byte[] text) {
    Envelope.Reading fromClient = ENVELOPE.readFromClient(text.clone());
    Envelope.Reading fromServer = ENVELOPE.readFromServer(text.clone());

    if (fromClient instanceof Envelope.Reading.Single single) {
      Message message = single.message();
      assertThat(ENVELOPE.readFromClient(message.toBytes())).isEqualTo(fromClient);
      assertThatOthersReadTheSame(message, Plain.members(utf8(text)));
      assertSameFromServer(message, ((Envelope.Reading.Single) fromServer).message());
    }
  }

  private static void assertThatOthersReadTheSame(Message message, Map<String, Object> others) {
    switch (message) {
      case Message.Request(var id, var method, var params) -> {
        assertThat(others).containsEntry("id", Plain.tree(id.token().text()));
        assertThat(others).containsEntry("method", method);
        assertParams(params, others);
      }
      case Message.Notification(var method, var params) -> {
        assertThat(others).containsEntry("method", method).doesNotContainKey("id");
        assertParams(params, others);
      }
      case Message.Result(var id, var result) -> {
        assertThat(others).containsEntry("id", Plain.tree(id.token().text()));
        assertThat(others).containsEntry("result", Plain.tree(result.toJson().text()));
      }
      case Message.Failure failure -> assertThat(others).containsKey("error");
    }
    assertThat(others).containsEntry("jsonrpc", "2.0");
  }

  private static void assertParams(JsonObject params, Map<String, Object> others) {
    assertThat(others.getOrDefault("params", Plain.tree("{}")))
        .isEqualTo(Plain.tree(params.toJson().text()));
  }

  private static void assertSameFromServer(Message message, Message other) {
    assertThat(Plain.tree(utf8(other.toBytes()))).isEqualTo(Plain.tree(utf8(message.toBytes())));
    if (message instanceof Message.Request one && other instanceof Message.Request two) {
      assertThat(CallDigest.of(one.method(), one.params()))
          .isEqualTo(CallDigest.of(two.method(), two.params()));
    }
  }

  private static String utf8(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
