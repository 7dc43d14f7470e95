package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.Shown;
import dev.sallyport.gateway.config.YamlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a configuration of files in which clients list their servers. Reads those files, looks
 * whether folders are there that they name, and does nothing else.
 *
 * {@snippet :
 * switch (ClientImport.of(List.of(Path.of(".vscode/mcp.json")), Optional.empty())) {
 *   case ClientImport.Made(var yaml, var remarks) -> write(yaml);
 *   case ClientImport.Faulty(var faults) -> faults.forEach(each -> say(each.line()));
 * }
 * }
 */
public final class ClientImport {
  private final Optional<Client> from;
  private final List<Told> remarks = new ArrayList<>();
  private final List<Told> faults = new ArrayList<>();
  private final Names names = new Names();
  private final Map<String, OurServer.Made> servers = new LinkedHashMap<>();
  private final YamlGroup block = new YamlGroup();

  private ClientImport(Optional<Client> from) {
    this.from = from;
  }

  /** What came of it. */
  public sealed interface Outcome {}

  /**
   * A configuration.
   *
   * @param yaml may hold secrets
   * @param remarks what was changed or left out, in the order of the files
   */
  public record Made(String yaml, List<Told> remarks) implements Outcome {
    public Made {
      remarks = List.copyOf(remarks);
    }

    /** Without the configuration. */
    @Override
    public String toString() {
      return "Made" + remarks;
    }
  }

  /** Nothing, because of these; at least one. */
  public record Faulty(List<Told> faults) implements Outcome {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }

  /**
   * @param from whose files they are; when empty that is found out for each
   */
  public static Outcome of(List<Path> files, Optional<Client> from) {
    return new ClientImport(from).of(files);
  }

  private Outcome of(List<Path> files) {
    List<String> sources = new ArrayList<>();
    for (Path file : files) {
      Findings findings = new Findings();
      Optional<ClientFile> read = ClientFile.read(file, from, findings);
      read.ifPresent(
          some -> {
            sources.add(file + " (" + some.client() + ")");
            servers(some, file.toString(), findings);
          });
      findings.remarks().forEach(remark -> remarks.add(new Told(file.toString(), remark)));
      findings.faults().forEach(fault -> faults.add(new Told(file.toString(), fault)));
    }
    if (faults.isEmpty() && servers.values().stream().noneMatch(OurServer.Made::enabled)) {
      faults.addAll(remarks); // they say why
      Findings none = new Findings();
      none.fault(
          new Place.WholeFile(),
          servers.isEmpty() ? "there is no server to take" : "every server is switched off");
      faults.add(new Told(files.getLast().toString(), none.faults().getFirst()));
    }
    if (!faults.isEmpty()) {
      return new Faulty(faults);
    }
    YamlGroup root = new YamlGroup();
    root.remark("servers", "Made by sallyport import of " + String.join(", ", sources));
    root.put("servers", block);
    return new Made(root.yaml(), remarks);
  }

  private void servers(ClientFile file, String shown, Findings findings) {
    InClear inClear = new InClear(findings);
    for (ServerLists.Listed list : ServerLists.of(file, findings)) {
      References references = new References(file.client().expands(), list.folder(), list.inputs());
      for (Node.Entry named : list.servers().entries()) {
        String path = list.path() + "." + Shown.name(named.key());
        if (named.value() instanceof Node.Mapping words) {
          ServerEntry entry =
              new ServerEntry(path, named.place(), words, references, findings, inClear);
          OurServer.of(entry, file.client(), list.folder(), list.off().isOff(named.key()))
              .ifPresent(made -> add(made, named, path, shown, findings));
        } else {
          findings.fault(
              named.value().place(), path + " is not a server: it has keys such as command");
        }
      }
    }
    inClear.tellRest();
  }

  private void add(
      OurServer.Made made, Node.Entry named, String path, String shown, Findings findings) {
    String fit = Names.fit(named.key());
    Optional<OurServer.Made> same =
        Optional.ofNullable(servers.get(fit)).filter(other -> OurServer.areSame(made, other));
    if (same.isPresent()) {
      findings.remark(named.place(), path + " is the same as another of that name and is left out");
      return;
    }
    Names.Given given = names.give(named.key(), made.enabled());
    String name = given.name();
    given
        .why()
        .ifPresent(why -> findings.remark(named.place(), path + " is called " + name + ": " + why));
    servers.put(name, made);
    block.put(name, made.group());
    block.remark(name, named.place().told(shown));
  }
}
