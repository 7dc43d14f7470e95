package dev.sallyport.examples.everything;

import dev.sallyport.server.McpServer;

/** Offers every feature once. The order of the lists matters to the suite: plain things first. */
public final class Everything {
  private Everything() {}

  public static void main(String[] args) {
    server().run(args);
  }

  static McpServer server() {
    return McpServer.named("sallyport-everything", "1.0.0")
        .titled("Everything")
        .instructions("A fixture: every tool does one thing of the protocol and says so.")
        .tools(ContentTools.all())
        .tools(ReportingTools.all())
        .tools(AskingTools.all())
        .tools(RoundTripTools.all())
        .tools(SchemaTools.all())
        .tools(ChangeTools.all())
        .resource(Resources.staticText())
        .resource(Resources.staticBinary())
        .resource(Resources.watched())
        .resourceTemplate(Resources.template())
        .prompts(Prompts.all())
        .build();
  }
}
