package dev.sallyport.cli;

import java.util.List;

/**
 * Options that belong together by what they mean, under one heading of the help.
 *
 * @param heading one or a few words
 */
record FlagGroup(String heading, List<Flag> flags) {
  FlagGroup {
    flags = List.copyOf(flags);
  }

  static FlagGroup of(String heading, Flag... flags) {
    return new FlagGroup(heading, List.of(flags));
  }
}
