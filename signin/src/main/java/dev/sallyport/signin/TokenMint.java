package dev.sallyport.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.access.Secret;
import dev.sallyport.signin.store.GrantTable.Grant;
import dev.sallyport.signin.store.KeyTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes access tokens (RFC 9068), with a key that is replaced every 30 days. A replaced one is
 * published until the last of its tokens is over. Thread-safe.
 */
final class TokenMint {
  static final Duration LIFE = Duration.ofMinutes(10);
  static final Duration KEY_LIFE = Duration.ofDays(30);

  /** A token's life, and by how much clocks may differ. */
  static final Duration KEY_KEPT = LIFE.plusMinutes(1);

  private final Store store;
  private final Clock clock;
  private final Chance chance;
  private final AtomicReference<List<SigningKey>> keys;

  private record SigningKey(ECKey key, Instant made) {
    /** Without the key. */
    @Override
    public String toString() {
      return "SigningKey[" + key.getKeyID() + "]";
    }
  }

  private TokenMint(Store store, Clock clock, Chance chance) {
    this.store = store;
    this.clock = clock;
    this.chance = chance;
    keys = new AtomicReference<>(List.of());
  }

  static TokenMint open(Store store, Clock clock, Chance chance) throws StoreException {
    TokenMint mint = new TokenMint(store, clock, chance);
    mint.turn(clock.instant());
    return mint;
  }

  /** A token that is good for ten minutes. */
  Secret token(String issuer, Grant grant, String scope) throws StoreException {
    Instant now = clock.instant();
    SigningKey key = current(now);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(grant.person().id())
            .audience(grant.resource())
            .claim("client_id", grant.client())
            .claim("scope", scope)
            .claim("name", grant.person().name())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFE)))
            .jwtID(chance.id())
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.key().getKeyID())
            .build();
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(new ECDSASigner(key.key()));
      return new Secret(token.serialize());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has ES256", e);
    }
  }

  /** The public keys (RFC 7517), newest first. */
  byte[] published() {
    Instant now = clock.instant();
    List<JWK> published = new ArrayList<>();
    Optional<Instant> replaced = Optional.empty();
    for (SigningKey each : keys.get()) {
      if (replaced.map(at -> now.isBefore(at.plus(KEY_KEPT))).orElse(true)) {
        published.add(each.key().toPublicJWK());
      }
      replaced = Optional.of(each.made());
    }
    return new JWKSet(published).toString(true).getBytes(StandardCharsets.UTF_8);
  }

  private SigningKey current(Instant now) throws StoreException {
    SigningKey newest = keys.get().getFirst();
    if (newest.made().plus(KEY_LIFE).isAfter(now)) {
      return newest;
    }
    turn(now);
    return keys.get().getFirst();
  }

  private void turn(Instant now) throws StoreException {
    List<KeyTable.Stored> stored =
        store.in(rows -> KeyTable.turned(rows, now, KEY_LIFE, KEY_KEPT, () -> fresh(now)));
    List<SigningKey> read = new ArrayList<>();
    for (KeyTable.Stored each : stored) {
      try {
        read.add(new SigningKey(ECKey.parse(each.jwk()), each.made()));
      } catch (ParseException e) {
        throw new IllegalStateException("a signing key in the sign-in's file is damaged", e);
      }
    }
    keys.set(List.copyOf(read));
  }

  private KeyTable.Stored fresh(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), chance.random());
      KeyPair pair = generator.generateKeyPair();
      ECKey key =
          new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
              .privateKey((ECPrivateKey) pair.getPrivate())
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyID(chance.id())
              .build();
      return new KeyTable.Stored(key.getKeyID(), key.toJSONString(), now);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }
}
