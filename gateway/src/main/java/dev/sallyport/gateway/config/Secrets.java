package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be a secret in a URL or in a program's arguments, by the way in which people write it:
 * one rule for all that shows such values or warns of them. Of a URL it is who logs in, and what
 * stands behind {@code ?} or {@code #}. Elsewhere it is what follows the name of a secret: {@code
 * --api-key X}, {@code --token=X}, {@code Authorization: X}.
 *
 * <p>One that stands alone is not known for a secret. What is in doubt is one: {@code --max-tokens
 * 5}.
 */
public final class Secrets {
  private static final Pattern NAME =
      Pattern.compile("(?i)auth|bearer|cookie|credential|key|passw|pat$|pwd|secret|token");

  /** Host, path, and what follows it. No part can end where another could: texts may be long. */
  private static final Pattern URL =
      Pattern.compile(
          "(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]*+://)"
              + "([^/?#\\s\"'<>]*+)([^?#\\s\"'<>]*+)([^\\s\"'<>]*+)");

  private static final Pattern HOST =
      Pattern.compile("(?:[^:@]*+|\\[[0-9A-Fa-f:.]*+])(?::[0-9]*+)?");

  /** A name and what parts it from its value; behind a slash it is a host or a file. */
  private static final Pattern NAMED =
      Pattern.compile("(?<![A-Za-z0-9_./-])([A-Za-z0-9_.-]++)[\"']?+\\s*+[:=]");

  /** Names without values. */
  private static final Pattern EMPTY = Pattern.compile("[?#]?(?:[^=&]*+=(?:&|$))*+");

  /** Says how a secret would be told, and none. */
  private static final Pattern NOTHING =
      Pattern.compile("(?i)[\\s\"']*+(?:(?:bearer|basic|token)\\b[\\s\"']*+)?[})\\]]*+");

  private static final Pattern FLAG = Pattern.compile("--?[A-Za-z0-9][A-Za-z0-9_.-]*+");

  /** What is no value of the flag before it. */
  private static final Pattern NEXT_FLAG =
      Pattern.compile("--?[a-z][a-z-]*+(?:=.*)?", Pattern.DOTALL);

  private Secrets() {}

  /** Whether people call a secret so: a variable, a header, a flag. */
  public static boolean isName(String name) {
    return NAME.matcher(name).find();
  }

  /** Whether what stands under that name may be one. */
  public static boolean isSecret(String name, String value) {
    return (isName(name) && !saysNothing(value)) || !masked(value).equals(value);
  }

  /** The same text with {@code ***} for each secret. */
  public static String masked(String text) {
    String plain = maskedUrls(text);
    Matcher named = NAMED.matcher(plain);
    while (named.find()) {
      int end = named.end();
      if (isName(named.group(1)) && !saysNothing(plain.substring(end))) {
        return plain.substring(0, plain.startsWith(" ", end) ? end + 1 : end) + Group.MASK;
      }
    }
    return plain;
  }

  /** The same for the arguments of a program, of which one may be the value of the one before. */
  public static List<String> masked(List<String> arguments) {
    List<String> masked = new ArrayList<>();
    boolean named = false;
    for (String argument : arguments) {
      boolean value = named && !saysNothing(argument) && !NEXT_FLAG.matcher(argument).matches();
      masked.add(value ? Group.MASK : masked(argument));
      named = FLAG.matcher(argument).matches() && isName(argument);
    }
    return List.copyOf(masked);
  }

  /** The same where nothing but a URL can hold one. */
  static String maskedUrls(String text) {
    return URL.matcher(text).replaceAll(url -> Matcher.quoteReplacement(maskedUrl(url)));
  }

  private static String maskedUrl(MatchResult url) {
    String host = url.group(2);
    int login = host.lastIndexOf('@');
    if (login < 0 && !HOST.matcher(host).matches()) {
      return url.group(1) + Group.MASK; // a password with a / in it, for example
    }
    String more = url.group(4);
    return url.group(1)
        + (login < 0 ? host : Group.MASK + host.substring(login))
        + url.group(3)
        + (EMPTY.matcher(more).matches() ? more : more.charAt(0) + Group.MASK);
  }

  private static boolean saysNothing(String value) {
    return NOTHING.matcher(value).matches();
  }
}
