package dev.sallyport.gateway.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A folder with what the configurations of tests name, and an environment. */
final class Ground {
  static final String SECRET = "s3cret-w0rd";

  private Ground() {}

  static void lay(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("notes"));
    Files.createDirectories(folder.resolve("data"));
    for (String name : new String[] {"c.pem", "ca.pem"}) {
      Files.writeString(folder.resolve(name), "-----BEGIN CERTIFICATE-----\n");
    }
    Files.writeString(folder.resolve("k.pem"), "-----BEGIN PRIVATE KEY-----\n");
    Files.writeString(folder.resolve("token.txt"), SECRET + "\n");
    Files.writeString(folder.resolve("url.txt"), "https://other.example/mcp\r\n");
    Files.write(folder.resolve("latin1.txt"), "naïve".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("big.txt"), "x".repeat(Expansion.MOST_OF_A_FILE + 1));
  }

  static Map<String, String> environment() {
    return environment(Map.of());
  }

  static Map<String, String> environment(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(more);
    all.put("NOTES_TOKEN", SECRET);
    all.put("SECRET_WORD", SECRET);
    all.put("EMPTY", "");
    all.put("PORT", "8443");
    all.put("STRUCTURE", "[a, b]\nlisten: :80");
    all.put("SALLYPORT_DATA_DIR", "/nowhere");
    all.put("SALLYPORT_PORT_8080_TCP_ADDR", "10.0.0.1");
    return all;
  }
}
