package dev.sallyport.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The published versions of the protocol, oldest first. The only place that spells them. */
public enum ProtocolVersion {
  V2024_11_05("2024-11-05", Era.LEGACY),
  V2025_03_26("2025-03-26", Era.LEGACY),
  V2025_06_18("2025-06-18", Era.LEGACY),
  V2025_11_25("2025-11-25", Era.LEGACY),
  V2026_07_28("2026-07-28", Era.MODERN);

  /** Handshake and session, or everything in each request. */
  public enum Era {
    LEGACY,
    MODERN
  }

  public static final ProtocolVersion LATEST_LEGACY = V2025_11_25;
  public static final ProtocolVersion LATEST_MODERN = V2026_07_28;

  /** What a legacy request without any other mark is taken to speak (VN-14). */
  public static final ProtocolVersion ASSUMED_LEGACY = V2025_03_26;

  private final String text;
  private final Era era;

  ProtocolVersion(String text, Era era) {
    this.text = text;
    this.era = era;
  }

  public static Optional<ProtocolVersion> of(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /** The versions of one era, newest first, as supportedVersions lists them (4-T04). */
  public static List<ProtocolVersion> newestFirst(Era era) {
    return Arrays.stream(values()).filter(version -> version.era == era).toList().reversed();
  }

  public String text() {
    return text;
  }

  public Era era() {
    return era;
  }

  public boolean atLeast(ProtocolVersion other) {
    return compareTo(other) >= 0;
  }
}
