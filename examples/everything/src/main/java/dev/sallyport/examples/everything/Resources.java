package dev.sallyport.examples.everything;

import dev.sallyport.server.Contents;
import dev.sallyport.server.Resource;
import dev.sallyport.server.ResourceTemplate;
import java.util.Optional;

/** Text, bytes, something to subscribe to, and a template. */
final class Resources {
  private Resources() {}

  record TemplateData(String id, boolean templateTest, String data) {}

  static Resource staticText() {
    return Resource.at("test://static-text")
        .named("Static text")
        .describedAs("A text that never changes")
        .mimeType("text/plain")
        .reading(_ -> Contents.text("This is the content of the static text resource."));
  }

  static Resource staticBinary() {
    return Resource.at("test://static-binary")
        .named("Static picture")
        .describedAs("A picture that never changes")
        .mimeType("image/png")
        .reading(_ -> Contents.blob(Samples.PNG));
  }

  static Resource watched() {
    return Resource.at("test://watched-resource")
        .named("Watched")
        .describedAs("Something to subscribe to")
        .mimeType("text/plain")
        .subscribable()
        .reading(_ -> Contents.text("Watched resource content"));
  }

  static ResourceTemplate template() {
    return ResourceTemplate.of("test://template/{id}/data")
        .named("Data by id")
        .describedAs("Data for any id")
        .mimeType("application/json")
        .reading(
            (uri, _) -> {
              String id = uri.get("id");
              return Optional.of(Contents.json(new TemplateData(id, true, "Data for ID: " + id)));
            });
  }
}
