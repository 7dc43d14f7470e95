package dev.sallyport.upstream.wire;

/** The ways in which a server can fail to come up. */
public enum StartFailure {
  /** Nothing of that name is there, on the program's PATH or as a path. */
  NOT_FOUND,
  /** Something is there, but it may not or cannot be run. */
  NOT_EXECUTABLE,
  /** The folder to run it in is not there. */
  NO_DIRECTORY,
  /** The system could not make one more process. */
  NOT_STARTED,
  /** Nobody is there to be asked, or there is no way. */
  UNREACHABLE,
  /** It wants to know who asks, or does not want us. */
  NOT_ADMITTED,
  /** It ran and ended before it answered. */
  DIED,
  /** It runs, and answered nothing in time. */
  SILENT,
  /** It runs, and writes what no MCP server would. */
  NO_SERVER,
  /** It speaks none of our versions. */
  INCOMPATIBLE,
  /** It answered the handshake, or the probe of a pinned era, with an error. */
  REJECTED
}
