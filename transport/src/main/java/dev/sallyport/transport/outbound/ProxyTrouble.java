package dev.sallyport.transport.outbound;

import io.netty.handler.proxy.ProxyConnectException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line why a proxy has made no connection, and so who has to mend it. */
final class ProxyTrouble {
  private static final Pattern STATUS = Pattern.compile("status: ([0-9]{3}|[A-Z_]{1,40})");

  private ProxyTrouble() {}

  /** Empty when it is not the proxy that says so. */
  static Optional<OutboundFault> explain(OutboundProxy proxy, Throwable failure) {
    return failure instanceof ProxyConnectException
        ? Optional.of(
            OutboundFault.of(
                OutboundFault.Kind.PROXY,
                "the proxy " + proxy.where() + " " + why(String.valueOf(failure.getMessage()))))
        : Optional.empty();
  }

  private static String why(String message) {
    if (message.contains("authStatus") || message.contains("authMethod")) {
      return "wants another login";
    }
    Matcher status = STATUS.matcher(message);
    if (message.endsWith("timeout")) {
      return "did not make the connection in time";
    }
    if (!status.find()) {
      return "did not make the connection";
    }
    return status.group(1).equals("407")
        ? "wants another login"
        : "did not make the connection: " + status.group(1);
  }
}
