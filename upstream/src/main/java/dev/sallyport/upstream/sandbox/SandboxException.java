package dev.sallyport.upstream.sandbox;

import java.util.List;

/** The sandbox that was asked for is not to be had here. For the operator. */
public final class SandboxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  SandboxException(String what, String remedy) {
    super(what);
    lines = List.of(what, remedy);
  }

  /** What is missing, and how to get it. */
  public List<String> lines() {
    return lines;
  }
}
