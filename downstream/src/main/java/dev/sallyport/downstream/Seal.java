package dev.sallyport.downstream;

import dev.sallyport.protocol.Caller;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals texts that travel through clients, so that a client can neither read nor change them, nor
 * use them for anything but what they are bound to: AES-256-GCM (NIST SP 800-38D), with what they
 * are bound to as associated data and an end inside. Says which process sealed it, for when there
 * are several. Thread-safe.
 */
public final class Seal {
  private static final byte FORMAT = 2;
  private static final int NODE = 8;
  private static final int NONCE = 12;
  private static final int HEAD = 2 + NODE + NONCE;
  private static final int TAG_BITS = 128;

  private final SealKeys keys;
  private final Clock clock;
  private final SecureRandom random;
  private final byte[] node = new byte[NODE];

  public Seal(SealKeys keys, Clock clock, SecureRandom random) {
    this.keys = keys;
    this.clock = clock;
    this.random = random;
    random.nextBytes(node);
  }

  /** What a caller may be bound to, with further parts. No two have the same bytes. */
  public static byte[] boundTo(Caller caller, List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(256);
    part(all, caller.issuer().getBytes(StandardCharsets.UTF_8));
    part(all, caller.subject().getBytes(StandardCharsets.UTF_8));
    part(all, caller.clientId().getBytes(StandardCharsets.UTF_8));
    parts.forEach(each -> part(all, each));
    return all.toByteArray();
  }

  /** Each with its length before it. */
  private static void part(ByteArrayOutputStream all, byte[] text) {
    all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
    all.writeBytes(text);
  }

  /**
   * @param life how long it opens; less than the time between two changes of the keys
   * @return characters that may stand in a URL and in a header
   */
  public String seal(String text, byte[] boundTo, Duration life) {
    SealKeys.Key key = keys.newest();
    byte[] inner = text.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] head =
        ByteBuffer.allocate(HEAD).put(FORMAT).put(key.number()).put(node).put(nonce).array();
    byte[] open =
        ByteBuffer.allocate(Long.BYTES + inner.length)
            .putLong(clock.instant().plus(life).toEpochMilli())
            .put(inner)
            .array();
    byte[] closed =
        cipher(Cipher.ENCRYPT_MODE, key, head, boundTo, open, 0, open.length).orElseThrow();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ByteBuffer.allocate(HEAD + closed.length).put(head).put(closed).array());
  }

  /**
   * The text inside, byte for byte. Empty for whatever reason it does not open here: nobody learns
   * more than that.
   */
  public Optional<String> open(String sealed, byte[] boundTo) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(sealed);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    // The decoder forgives stray bits in the last character; what is sealed has one spelling.
    if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(sealed)) {
      return Optional.empty();
    }
    if (bytes.length < HEAD + TAG_BITS / 8 + Long.BYTES || bytes[0] != FORMAT) {
      return Optional.empty();
    }
    byte[] head = Arrays.copyOf(bytes, HEAD);
    return keys.find(bytes[1])
        .flatMap(
            key ->
                cipher(Cipher.DECRYPT_MODE, key, head, boundTo, bytes, HEAD, bytes.length - HEAD))
        .filter(this::isAlive)
        .map(
            open -> new String(open, Long.BYTES, open.length - Long.BYTES, StandardCharsets.UTF_8));
  }

  private boolean isAlive(byte[] open) {
    return clock.instant().toEpochMilli() < ByteBuffer.wrap(open).getLong();
  }

  private static Optional<byte[]> cipher(
      int mode, SealKeys.Key key, byte[] head, byte[] boundTo, byte[] text, int from, int length) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, head, HEAD - NONCE, NONCE));
      cipher.updateAAD(head);
      cipher.updateAAD(boundTo);
      return Optional.of(cipher.doFinal(text, from, length));
    } catch (GeneralSecurityException notOurs) {
      return Optional.empty();
    }
  }
}
