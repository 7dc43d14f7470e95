package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyStore;
import dev.sallyport.access.RevokedPeople;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Person;
import java.util.List;

/** {@code sallyport revoke}: shuts a person out, or lets them in again. */
final class RevokeCommand implements Command {
  private static final String ROW = "%-40s %-17s %s";
  private static final Flag ISSUER =
      Flag.taking("issuer", "URL", "who vouches for them, exactly as their tokens have it (iss)");
  private static final Flag UNDO = Flag.on("undo", "let them in again");
  private static final Flag LIST = Flag.on("list", "show who is revoked");
  private static final Flag JSON = Flag.on("json", "with --list: one line of JSON a person");

  private final Sallyport.Surroundings surroundings;

  RevokeCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "revoke";
  }

  @Override
  public String summary() {
    return "Shut a person out whose tokens an issuer vouches for: their calls are refused and their"
        + " streams end, until --undo.";
  }

  @Override
  public String usage() {
    return "SUBJECT --issuer URL";
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.perhaps("SUBJECT", "whom, as their tokens name them (sub)"));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("Whom", ISSUER, UNDO), FlagGroup.of("Output", LIST, JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport revoke 4f2c… --issuer https://login.example.com/realms/team");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    try (KeyStore store = KeysCommand.open(surroundings)) {
      if (arguments.has(LIST)) {
        list(store.people().list(), arguments.has(JSON));
        return 0;
      }
      Person person = person(arguments);
      if (arguments.has(UNDO)) {
        letIn(store.people(), person);
      } else {
        shutOut(store.people(), person);
      }
      return 0;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }

  private Person person(Arguments arguments) throws CliFault {
    String issuer = arguments.given(ISSUER).orElse("");
    if (arguments.operands().isEmpty() || arguments.operands().getFirst().isEmpty()) {
      throw misused("revoke needs whom: SUBJECT, as their tokens name them (sub)");
    }
    if (issuer.isEmpty()) {
      throw misused("revoke needs --issuer URL: two issuers can have the same subject");
    }
    return new Person(issuer, arguments.operands().getFirst());
  }

  private void shutOut(RevokedPeople people, Person person) throws AccessException {
    boolean fresh = people.add(person);
    surroundings
        .screen()
        .done(
            "revoked",
            person.subject()
                + (fresh ? "" : " (already)")
                + " · running gateways refuse their tokens within a second and end their streams");
  }

  private void letIn(RevokedPeople people, Person person) throws AccessException, CliFault {
    if (!people.remove(person)) {
      throw new CliFault(
          CliFault.FAILURE,
          person.subject() + " of that issuer is not revoked",
          "see:  sallyport revoke --list");
    }
    surroundings
        .screen()
        .done("let in", person.subject() + " · their tokens open again what they did");
  }

  private void list(List<RevokedPeople.Revoked> people, boolean json) {
    Screen screen = surroundings.screen();
    if (json) {
      people.forEach(each -> screen.answer(json(each)));
    } else if (people.isEmpty()) {
      screen.say("nobody is revoked");
    } else {
      screen.answer(String.format(ROW, "SUBJECT", "SINCE", "ISSUER"));
      people.forEach(
          each ->
              screen.answer(
                  String.format(
                      ROW,
                      each.person().subject(),
                      KeyText.time(each.since()),
                      each.person().issuer())));
    }
  }

  private static String json(RevokedPeople.Revoked each) {
    return JsonObject.of(
            "subject", Json.of(each.person().subject()), "issuer", Json.of(each.person().issuer()))
        .with("since", each.since().toString())
        .toJson()
        .text();
  }
}
