package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What has been noticed so far. Confined to the reading of one file. */
public final class Findings {
  static final int MOST_TOLD = 100;

  /** More than are told, so that those which are told are the first in the file. */
  private static final int MOST_KEPT = 10_000;

  private final Set<ConfigFault> faults = new LinkedHashSet<>();
  private final Set<Remark> remarks = new LinkedHashSet<>();

  public void fault(Place place, String text) {
    if (faults.size() < MOST_KEPT) {
      faults.add(new ConfigFault(place, text));
    }
  }

  public void remark(Place place, String text) {
    if (remarks.size() < MOST_KEPT) {
      remarks.add(new Remark(place, text));
    }
  }

  public boolean sound() {
    return faults.isEmpty();
  }

  /** In the order of the file; when there are too many, the last says so. */
  public List<ConfigFault> faults() {
    List<ConfigFault> ordered = new ArrayList<>(faults);
    ordered.sort(Comparator.comparing(ConfigFault::place, Place.IN_ORDER));
    if (ordered.size() <= MOST_TOLD) {
      return List.copyOf(ordered);
    }
    List<ConfigFault> told = new ArrayList<>(ordered.subList(0, MOST_TOLD - 1));
    told.add(
        new ConfigFault(
            ordered.get(MOST_TOLD - 1).place(),
            "and more from here on that are not shown; mend those above first"));
    return List.copyOf(told);
  }

  public List<Remark> remarks() {
    return remarks.stream().sorted(Comparator.comparing(Remark::place, Place.IN_ORDER)).toList();
  }
}
