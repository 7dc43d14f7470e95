package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpFields;

/** What came of fetching what somebody else has named. */
public sealed interface FetchOutcome {
  /**
   * An answer, whatever its status.
   *
   * @param url where it came from in the end
   * @param body not a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Document(HttpUrl url, int status, HttpFields fields, byte[] body) implements FetchOutcome {
    /** Without the body, which belongs to a caller. */
    @Override
    public String toString() {
      return "Document[" + url + " " + status + " " + body.length + "]";
    }
  }

  /**
   * None. Whoever named the URL must not learn from this what can be reached from here: it is told
   * {@link #PUBLIC_TEXT}, whatever happened. It can still measure how long that took, and so tell
   * what was refused at once from what was tried; a fixed time for all would cost every honest peer
   * the time of the slowest, and a peer that can name hosts at will learns whether they exist by
   * asking a resolver itself.
   *
   * @param detail one line for the operator, never for a peer
   */
  record Refused(Reason reason, String detail) implements FetchOutcome {
    public static final String PUBLIC_TEXT = "the document could not be fetched";
  }

  /** Why there is none, to be counted. */
  enum Reason {
    /** The URL, or one that it was redirected to, is none that may be fetched. */
    URL,
    /** The host has an address that may not be dialled. */
    ADDRESS,
    /** Redirected too often, or where that is not allowed. */
    REDIRECT,
    TOO_LARGE,
    TOO_SLOW,
    /** As many fetches are in progress, or have been, as may be. */
    BUSY,
    /** No answer came, or none that is one. */
    UNREACHED
  }
}
