package dev.sallyport.downstream.legacy;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What belongs to no call and waits for somebody to take it: of messages with the same name only
 * the last (mcp-reference 2.5). Guarded by the lock of the {@link SessionStreams} that owns it.
 */
final class Coalesced {
  private final Map<String, byte[]> byName = new LinkedHashMap<>();
  private final int most;

  Coalesced(int most) {
    this.most = most;
  }

  /**
   * @return false when there is no room for one more name
   */
  boolean put(String name, byte[] data) {
    if (!byName.containsKey(name) && byName.size() >= most) {
      return false;
    }
    byName.put(name, data);
    return true;
  }

  Optional<byte[]> take() {
    Iterator<byte[]> oldest = byName.values().iterator();
    if (!oldest.hasNext()) {
      return Optional.empty();
    }
    byte[] data = oldest.next();
    oldest.remove();
    return Optional.of(data);
  }

  void clear() {
    byName.clear();
  }
}
