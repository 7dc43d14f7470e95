package dev.sallyport.transport.outbound;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Says in one line what stands between two that want to speak TLS, and so who has to mend it. */
final class TlsTrouble {
  private static final int DEEPEST = 10;
  private static final Pattern ALERT = Pattern.compile("(?i)received fatal alert: ([a-z_]{1,40})");
  private static final List<String> ABOUT_OURS =
      List.of(
          "certificate_required",
          "bad_certificate",
          "unknown_ca",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "access_denied");

  private TlsTrouble() {}

  /** What a server says to a client only when it has seen its certificate, or missed it. */
  static Optional<String> afterwards(Throwable failure) {
    return causes(failure).stream()
        .filter(TlsTrouble::isOfTls)
        .map(cause -> alert(String.valueOf(cause.getMessage())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Why no connection came about; empty when it is about something else. */
  static Optional<String> explain(Throwable failure) {
    List<Throwable> causes = causes(failure);
    if (causes.stream().noneMatch(TlsTrouble::isOfTls)) {
      return Optional.empty();
    }
    return causes.reversed().stream()
        .map(TlsTrouble::explainOne)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> Optional.of("no secure connection came about"));
  }

  private static boolean isOfTls(Throwable cause) {
    return cause instanceof SSLException || cause instanceof CertificateException;
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Optional<Throwable> next = Optional.of(failure);
    while (next.isPresent() && causes.size() < DEEPEST) {
      causes.add(next.get());
      next = Optional.ofNullable(next.get().getCause());
    }
    return causes;
  }

  private static Optional<String> explainOne(Throwable cause) {
    return switch (cause) {
      case CertificateExpiredException _ -> Optional.of("the server's certificate has expired");
      case CertificateNotYetValidException _ ->
          Optional.of("the server's certificate is not valid yet");
      case CertPathBuilderException _ ->
          Optional.of("the server's certificate was issued by nobody who is trusted");
      case NotSslRecordException _ -> Optional.of("the server does not speak TLS on that port");
      case ClosedChannelException _, EOFException _ ->
          Optional.of("the server ended the connection in the middle of the TLS handshake");
      default -> byText(String.valueOf(cause.getMessage()));
    };
  }

  private static Optional<String> byText(String message) {
    if (message.startsWith("No subject alternative")
        || message.startsWith("No name matching")
        || message.startsWith("Illegal given domain name")) {
      return Optional.of("the server's certificate is for another host");
    }
    if (message.contains("protocol version") || message.contains("No appropriate protocol")) {
      return Optional.of("the server speaks no version of TLS that is safe: 1.2 or 1.3");
    }
    return alert(message);
  }

  private static Optional<String> alert(String message) {
    Matcher alert = ALERT.matcher(message);
    if (!alert.find()) {
      return Optional.empty();
    }
    String name = alert.group(1);
    if (name.equals("protocol_version")) {
      return Optional.of("the server speaks no version of TLS that is safe: 1.2 or 1.3");
    }
    return Optional.of(
        ABOUT_OURS.contains(name)
            ? "the server does not accept our certificate, or wants one (" + name + ")"
            : "the server refused the TLS handshake; it may want a certificate (" + name + ")");
  }
}
