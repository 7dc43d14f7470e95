package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.CallDigest;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a handler's handle into the {@code requestState} that travels through the client, and opens
 * it again: AES-256-GCM under a key of this process, bound to the caller, the route and what the
 * request is about, and good for a limited time (MR-06, MR-07). It does not make a state single-use
 * (4-T26): whoever minted the handle does. Thread-safe.
 */
final class StateSeal {
  private static final byte FORMAT = 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random;
  private final Clock clock;
  private final Duration life;
  private final int mostCharacters;
  private final String route;

  StateSeal(String route, Duration life, int mostCharacters, Clock clock, SecureRandom random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, "AES");
    Arrays.fill(secret, (byte) 0);
    this.random = random;
    this.clock = clock;
    this.life = life;
    this.mostCharacters = mostCharacters;
    this.route = route;
  }

  /** What a state is good for, and nothing else. */
  record Binding(Caller caller, String method, JsonObject params) {}

  /** Empty when the handle is too long to be carried by a client. */
  Optional<String> seal(String handle, Binding binding) {
    byte[] inner = handle.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] open =
        ByteBuffer.allocate(Long.BYTES + inner.length)
            .putLong(clock.instant().plus(life).toEpochMilli())
            .put(inner)
            .array();
    byte[] closed = cipher(Cipher.ENCRYPT_MODE, nonce, binding, open, 0, open.length).orElseThrow();
    byte[] state =
        ByteBuffer.allocate(1 + NONCE + closed.length).put(FORMAT).put(nonce).put(closed).array();
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(state);
    return text.length() > mostCharacters ? Optional.empty() : Optional.of(text);
  }

  /**
   * The handle inside, byte for byte. Empty for whatever reason a state is not valid here: the
   * client learns no more than that.
   */
  Optional<String> open(String state, Binding binding) {
    if (state.length() > mostCharacters) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(state);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    // The decoder forgives stray bits in the last character; a state has one spelling.
    if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(state)) {
      return Optional.empty();
    }
    if (bytes.length < 1 + NONCE + TAG_BITS / 8 + Long.BYTES || bytes[0] != FORMAT) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(bytes, 1, 1 + NONCE);
    return cipher(Cipher.DECRYPT_MODE, nonce, binding, bytes, 1 + NONCE, bytes.length - 1 - NONCE)
        .filter(this::isAlive)
        .map(
            open -> new String(open, Long.BYTES, open.length - Long.BYTES, StandardCharsets.UTF_8));
  }

  private boolean isAlive(byte[] open) {
    return clock.instant().toEpochMilli() < ByteBuffer.wrap(open).getLong();
  }

  private Optional<byte[]> cipher(
      int mode, byte[] nonce, Binding binding, byte[] text, int from, int length) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(boundTo(binding));
      return Optional.of(cipher.doFinal(text, from, length));
    } catch (GeneralSecurityException notOurs) {
      return Optional.empty();
    }
  }

  /** Every part with its length before it, so that no two bindings share one text. */
  private byte[] boundTo(Binding binding) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(256);
    all.write(FORMAT);
    part(all, route.getBytes(StandardCharsets.UTF_8));
    part(all, binding.caller().issuer().getBytes(StandardCharsets.UTF_8));
    part(all, binding.caller().subject().getBytes(StandardCharsets.UTF_8));
    part(all, binding.caller().clientId().getBytes(StandardCharsets.UTF_8));
    part(all, CallDigest.of(binding.method(), binding.params()));
    return all.toByteArray();
  }

  private static void part(ByteArrayOutputStream all, byte[] text) {
    all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
    all.writeBytes(text);
  }
}
