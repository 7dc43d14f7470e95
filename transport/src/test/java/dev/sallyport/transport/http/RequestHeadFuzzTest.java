package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RequestHeadFuzzTest {
  private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("peer", 1);

  /** Whatever a parser lets through is refused, or leaves one host and one length. */
  @FuzzTest
  void reads(byte[] lines) {
    String[] parts = new String(lines, ISO_8859_1).split("\n", -1);
    String[] start = parts[0].split(" ", 2);
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String[] field = parts[i].split(":", 2);
      fields.add(Map.entry(field[0], field.length > 1 ? field[1] : ""));
    }
    boolean http2 = lines.length % 2 == 1;
    Optional<String> authority =
        http2 && lines.length % 3 > 0 ? Optional.of("a") : Optional.empty();
    RequestHead.Parsed parsed =
        new RequestHead.Parsed(
            start[0], start.length > 1 ? start[1] : "", http2, authority, fields);

    switch (RequestHead.read(parsed, PEER, http2)) {
      case RequestHead.Result.Bad(int status, String why) -> {
        assertThat(status).isBetween(400, 501);
        assertThat(why).matches("[A-Za-z -]+");
      }
      case RequestHead.Result.Good(HttpHead head) -> {
        assertThat(head.path()).matches("/[!-~&&[^#?\\\\]]*|\\*");
        assertThat(head.query().orElse("")).matches("[!-~&&[^#\\\\]]*");
        assertThat(head.fields().all("Host")).hasSize(1);
        assertThat(head.fields().first("Host").orElse("")).matches("[^/@,\\s\\\\?#]+");
        assertThat(
                head.fields().all("Content-Length").size()
                    + head.fields().all("Transfer-Encoding").size())
            .isLessThanOrEqualTo(1);
        head.fields().forEach((name, value) -> assertThat(name + value).doesNotContain("\r", "\0"));
      }
    }
  }
}
