package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are renewed under a program that serves. */
final class RenewalFlowTest {
  @TempDir private static Path shared;
  private static Pem first;
  private static Pem second;

  @TempDir Path folder;
  private Path certificate = Path.of("");
  private Path key = Path.of("");

  @BeforeAll
  static void make() throws Exception {
    first = Pem.make(shared, "first");
    second = Pem.make(shared, "second");
  }

  @BeforeEach
  void lay() throws IOException {
    certificate = Files.writeString(folder.resolve("tls.crt"), first.chain());
    key = Files.writeString(folder.resolve("tls.key"), first.key());
  }

  @Test
  void serve_shows_the_new_one_to_new_connections_and_those_of_before_go_on() throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    serving.write("callers: anyone\ntls: {cert: tls.crt, key: tls.key}", serving.servers("one"));
    try (Program program = serving.serve("--log-format", "text")) {
      JsonObject ready = program.ready();
      try (SSLSocket kept = connect(ready)) {
        assertThat(status(kept)).contains("404");
        assertThat(shown(kept)).isEqualTo(first.certificate());
        Pem.place(certificate, second.chain());
        Pem.place(key, second.key());
        assertThat(program.remark("renewed")).contains("✓ renewed    certificate " + certificate);
        assertThat(shown(ready)).isEqualTo(second.certificate());
        assertThat(status(kept)).contains("404");
      }
      program.stop();
    }
  }

  @Test
  void serve_keeps_the_old_one_when_the_new_key_is_not_its_own_and_says_so_once() throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    serving.write("callers: anyone\ntls: {cert: tls.crt, key: tls.key}", serving.servers("one"));
    try (Program program = serving.serve("--log-format", "text")) {
      JsonObject ready = program.ready();
      Pem.place(certificate, second.chain());
      assertThat(program.remark("is not the one of the certificate"))
          .startsWith("! ")
          .endsWith("; the certificate that was in use stays");
      assertThat(shown(ready)).isEqualTo(first.certificate());
      // The other of the two comes later.
      Pem.place(key, second.key());
      program.remark("renewed");
      assertThat(shown(ready)).isEqualTo(second.certificate());
      assertThat(program.stop())
          .filteredOn(line -> line.contains("is not the one of the certificate"))
          .hasSize(1);
    }
  }

  @Test
  void share_shows_the_new_one_too() throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    serving.servers("one");
    try (Program program =
        Program.start(
            folder,
            "share",
            "--listen",
            "127.0.0.1:0",
            "--json",
            "--sandbox",
            "none",
            "--tls-cert",
            certificate.toString(),
            "--tls-key",
            key.toString(),
            "--",
            folder.resolve("server").toString(),
            "one")) {
      JsonObject ready = program.ready();
      assertThat(shown(ready)).isEqualTo(first.certificate());
      Pem.place(certificate, second.chain());
      Pem.place(key, second.key());
      program.remark("renewed");
      assertThat(shown(ready)).isEqualTo(second.certificate());
      program.stop();
    }
  }

  @Test
  void a_server_whose_authorities_are_others_is_opened_again_unless_they_cannot_be_used()
      throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Pem.place(elsewhere.resolve("tls.crt"), first.chain());
    Pem.place(elsewhere.resolve("tls.key"), first.key());
    ServeFolder behind = new ServeFolder(elsewhere);
    behind.write("callers: anyone\ntls: {cert: tls.crt, key: tls.key}", behind.servers("one"));
    ServeFolder front = new ServeFolder(folder);
    Path authorities = folder.resolve("ca.pem");
    Pem.place(authorities, first.chain());
    try (Program server = behind.serve("--log-format", "text")) {
      String url = server.ready().string("url").orElseThrow();
      String far = "  far: {url: \"" + url + "\", ca: ca.pem}\n";
      front.write("callers: anyone", far + front.servers("near"));
      try (Program program = front.serve("--log-format", "text")) {
        assertThat(program.ready().toJson().text()).doesNotContain("\"down\"");
        Pem.place(authorities, "garbage");
        assertThat(program.remark("holds no certificate"))
            .startsWith("! far: ")
            .endsWith("; it goes on with what it read");
        Pem.place(authorities, first.chain() + second.chain());
        assertThat(program.remark("reloaded"))
            .isEqualTo("✓ reloaded   certificates of far are others");
        List<String> said = program.stop();
        assertThat(said).filteredOn(line -> line.startsWith("✓ started    far")).hasSize(2);
        assertThat(said).filteredOn(line -> line.startsWith("✓ started    near")).hasSize(1);
        assertThat(said).filteredOn(line -> line.contains("holds no certificate")).hasSize(1);
      }
      server.stop();
    }
  }

  private static SSLSocket connect(JsonObject ready) throws Exception {
    URI url = URI.create(ready.string("url").orElseThrow());
    SSLSocket socket =
        (SSLSocket)
            Pem.trusting(first, second)
                .getSocketFactory()
                .createSocket(url.getHost(), url.getPort());
    socket.startHandshake();
    return socket;
  }

  private static Certificate shown(JsonObject ready) throws Exception {
    try (SSLSocket socket = connect(ready)) {
      return shown(socket);
    }
  }

  private static Certificate shown(SSLSocket socket) throws Exception {
    return socket.getSession().getPeerCertificates()[0];
  }

  /** Of a request that leaves the connection open. */
  private static String status(SSLSocket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    String status = in.readLine();
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    assertThat(in.skip(length)).isEqualTo(length);
    return status;
  }
}
