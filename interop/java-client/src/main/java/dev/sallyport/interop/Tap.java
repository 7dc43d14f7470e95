package dev.sallyport.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a tapped server received, line by line. Without a file there is nothing to read. */
final class Tap {
  private static final JsonMapper JSON = new JsonMapper();

  private final String file;

  Tap(String file) {
    this.file = file;
  }

  int size() throws IOException {
    return file.isEmpty() ? 0 : received().size();
  }

  List<JsonNode> since(int before, String method) throws IOException {
    List<JsonNode> messages = received();
    return messages.subList(before, messages.size()).stream()
        .filter(message -> message.path("method").asString("").equals(method))
        .toList();
  }

  private List<JsonNode> received() throws IOException {
    List<JsonNode> messages = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(file))) {
      JsonNode note = JSON.readTree(line);
      if (note.path("direction").asString().equals("in")) {
        messages.add(JSON.readTree(note.path("line").asString()));
      }
    }
    return messages;
  }
}
