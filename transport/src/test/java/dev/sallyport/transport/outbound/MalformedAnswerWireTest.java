package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no HTTP, or could be read in two ways, is a fault that the operator can understand; its
 * connection ends, and the next call is none the worse for it.
 */
class MalformedAnswerWireTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Answered on the first connection; all others are good. */
  private static Peer lying(String answer, BlockingQueue<Integer> ended) {
    return Peer.of(
        line -> {
          line.request();
          if (line.index() > 0) {
            line.send(OK).awaitEnd();
            return;
          }
          try {
            line.send(answer).awaitEnd();
          } finally {
            ended.add(line.index());
          }
        });
  }

  private static OutboundFault faultOf(String answer) throws Exception {
    BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    try (Peer peer = lying(answer, ended);
        Reaching reaching = new Reaching()) {
      OutboundFault fault = reaching.fetch(peer.url()).failure();
      assertThat(ended.poll(10, TimeUnit.SECONDS)).as("the connection ends").isEqualTo(0);
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      return fault;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // how long is it?
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
        "HTTP/1.1 200 ?\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 ?\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokX\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n",
        // fields that are none
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\u007fb\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\u001bb\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX(: 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX\0: 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nfoo\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nok",
        // no answer of HTTP/1
        "hello\r\n",
        "\0\u0001\u0002garbage\r\n\r\n",
        "\u0015\u0003\u0001\0\u0002\u0002(\r\n",
        "220 mail.example ESMTP\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "ICY 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 600 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 -200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nok"
      })
  void what_is_no_answer_is_malformed(String answer) throws Exception {
    OutboundFault fault = faultOf(answer);

    assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.MALFORMED);
    assertThat(fault.mayHaveArrived()).isTrue();
    assertThat(fault.detail()).matches("[ -~]{1,200}");
  }

  @ParameterizedTest
  @ValueSource(ints = {8_200, 100_000, 10_000_000})
  void a_status_line_has_a_bound(int length) throws Exception {
    assertThat(faultOf("HTTP/1.1 200 " + "x".repeat(length)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
  }

  @Test
  void a_head_has_a_bound_however_it_is_made_up() throws Exception {
    String begun = "HTTP/1.1 200 OK\r\n";
    assertThat(faultOf(begun + "X: " + "x".repeat(17_000)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
    assertThat(faultOf(begun + "X: y\r\n".repeat(1_000_000)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
    assertThat(faultOf("\r\n".repeat(1_000_000)).kind()).isEqualTo(OutboundFault.Kind.MALFORMED);
    assertThat(faultOf("HTTP/1.1 102 Processing\r\n\r\n".repeat(100_000)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
  }

  @Test
  void trailers_and_chunk_sizes_have_a_bound() throws Exception {
    String begun = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertThat(faultOf(begun + "2;" + "x".repeat(10_000)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
    assertThat(faultOf(begun + "0\r\n" + "X: y\r\n".repeat(10_000)).kind())
        .isEqualTo(OutboundFault.Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
      })
  void an_answer_that_is_cut_off_is_broken_and_never_complete(String answer) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      try (Peer peer =
              Peer.of(
                  line -> {
                    line.request();
                    line.send(line.index() == 0 ? answer : OK);
                    if (line.index() > 0) {
                      line.awaitEnd();
                    } else if (reset) {
                      line.reset();
                    }
                  });
          Reaching reaching = new Reaching()) {
        OutboundFault fault = reaching.fetch(peer.url()).failure();

        assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BROKEN);
        assertThat(fault.mayHaveArrived()).isTrue();
        assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      }
    }
  }

  @Test
  void an_answer_until_the_end_of_the_connection_is_broken_by_a_reset() throws Exception {
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\n\r\nok").reset();
                });
        Reaching reaching = new Reaching()) {
      assertThat(reaching.fetch(peer.url()).failure().kind()).isEqualTo(OutboundFault.Kind.BROKEN);
    }
  }

  @Test
  void what_the_peer_wrote_into_a_fault_cannot_steer_a_terminal() throws Exception {
    assertThat(faultOf("\u001b[31m\u009bX\r\n\r\n").detail()).matches("[ -~]+");
    assertThat(faultOf("HTTP/1.1 \u001b[31m OK\r\n\r\n").detail()).matches("[ -~]+");
  }
}
