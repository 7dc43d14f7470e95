package dev.sallyport.gateway.config;

import java.util.List;

/** What came of reading a configuration. */
public sealed interface Reading {
  /**
   * It can be used.
   *
   * @param remarks in the order of the file
   * @param effective the whole configuration as YAML, with what the environment changed and every
   *     default; what may be a secret is {@code ***}
   */
  record Sound(Config config, List<Remark> remarks, String effective) implements Reading {
    public Sound {
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * It cannot.
   *
   * @param faults all of them, in the order of the file; at least one, and a hundred at most
   */
  record Faulty(List<ConfigFault> faults) implements Reading {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}
