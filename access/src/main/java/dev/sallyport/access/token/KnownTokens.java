package dev.sallyport.access.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.access.token.TokenVerdict.Invalid;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What was found of tokens, by their hashes. Bounded. Thread-safe. */
final class KnownTokens {
  private static final Duration REMEMBERED = Duration.ofSeconds(60);

  /** About 20,000 of a usual length: what is kept of a token is hardly more than its text. */
  private static final long MOST_GOOD_BYTES = 64L * 1024 * 1024;

  private static final int MOST_BAD = 20_000;

  private final Cache<TokenHash, Good> good =
      Caffeine.newBuilder()
          .maximumWeight(MOST_GOOD_BYTES)
          .weigher((TokenHash _, Good kept) -> kept.bytes())
          .executor(Runnable::run)
          .build();

  /** What was costly to find out: to send the same again costs us nothing more. */
  private final Cache<TokenHash, Invalid> bad =
      Caffeine.newBuilder()
          .maximumSize(MOST_BAD)
          .expireAfterWrite(REMEMBERED)
          .executor(Runnable::run)
          .build();

  /**
   * A token that was good.
   *
   * @param until nobody asks again before that
   * @param bytes about what it takes to keep it
   */
  record Good(TokenRules rules, TokenRules.Read read, Instant until, int bytes) {
    /**
     * @param length of what it says
     */
    static Good of(TokenRules rules, TokenRules.Read read, Instant until, int length) {
      return new Good(rules, read, until, 1_000 + 2 * length);
    }
  }

  Optional<Good> good(TokenHash token) {
    return Optional.ofNullable(good.getIfPresent(token));
  }

  Optional<Invalid> bad(TokenHash token) {
    return Optional.ofNullable(bad.getIfPresent(token));
  }

  void isGood(TokenHash token, Good found) {
    good.put(token, found);
  }

  void isBad(TokenHash token, Invalid why) {
    bad.put(token, why);
  }

  /** Whatever it was, it has to be found out anew. */
  void forget(TokenHash token) {
    good.invalidate(token);
  }
}
