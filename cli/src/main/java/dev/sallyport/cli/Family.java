package dev.sallyport.cli;

import java.util.List;
import java.util.Optional;

/** A command that only has others below it; what it does alone is to print its help. */
interface Family extends Command {
  /** Their names, in the order of the help. */
  List<String> members();

  Optional<Command> member(String name);

  /** What to say of a word that names none of them. */
  CliFault noMember(String word);

  @Override
  default String usage() {
    return "COMMAND";
  }
}
