package dev.sallyport.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder with a configuration and the servers it names. */
record ServeFolder(Path folder) {
  /** A server with one tool, which says what its file says. */
  private static final String SERVER =
      """
      echo begun >>"$(dirname "$0")/begun-$1"
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"'$1'","version":"1"}}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"'$1'","inputSchema":{"type":"object"}}]}}' ;;
          *'"tools/call"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[{"type":"text","text":"'$1' here"}]}}' ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"no"}}' ;;
        esac
      done
      """;

  /** Replaces the configuration at once, by another one on a free port. */
  void write(String head, String servers) throws IOException {
    String admin = head.contains("admin:") ? "" : "admin: 127.0.0.1:0\n";
    Path next = folder.resolve("next.yaml");
    Files.writeString(next, "listen: 127.0.0.1:0\n" + admin + head + "\nservers:\n" + servers);
    Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  Path file() {
    return folder.resolve("sallyport.yaml");
  }

  /** As they stand in the file. */
  String servers(String... names) throws IOException {
    Path script = Program.script(folder.resolve("server"), SERVER);
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      all.append("  " + name + ":\n    command: " + script + "\n    args: [" + name + "]\n");
      all.append("    isolation: shared\n    sandbox: none\n");
    }
    return all.toString();
  }

  /** How often one of that name was started. */
  int begun(String name) throws IOException {
    return Files.readAllLines(folder.resolve("begun-" + name)).size();
  }

  Program serve(String... more) throws IOException {
    return Program.start(folder, arguments(more));
  }

  String[] arguments(String... more) {
    List<String> fixed = List.of("serve", "--json", "--config", file().toString());
    return Stream.concat(fixed.stream(), Stream.of(more)).toArray(String[]::new);
  }
}
