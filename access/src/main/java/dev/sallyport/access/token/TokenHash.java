package dev.sallyport.access.token;

import dev.sallyport.access.Secret;
import java.nio.ByteBuffer;

/** The SHA-256 of a token: what is kept of it, and found by. */
record TokenHash(long first, long second, long third, long fourth) {
  static TokenHash of(Secret token) {
    ByteBuffer hash = ByteBuffer.wrap(token.sha256());
    return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first); // as good as random by itself
  }
}
