package dev.sallyport.gateway;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of an issuer in tests, which signs whatever it is given. */
record TestKey(String id, String algorithm, KeyPair pair) {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  static TestKey rsa(String id) {
    return rsa(id, 2_048);
  }

  static TestKey rsa(String id, int bits) {
    return made(id, "RS256", "RSA", generator -> generator.initialize(bits));
  }

  static TestKey ec(String id) {
    return ec(id, "ES256", "secp256r1");
  }

  static TestKey ec(String id, String algorithm, String curve) {
    return made(
        id, algorithm, "EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
  }

  private interface Sizing {
    void of(KeyPairGenerator generator) throws GeneralSecurityException;
  }

  private static TestKey made(String id, String algorithm, String kind, Sizing sizing) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      sizing.of(generator);
      return new TestKey(id, algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  TestKey named(String other) {
    return new TestKey(other, algorithm, pair);
  }

  /** As it is published. */
  JsonObject jwk() {
    JsonObject key = JsonObject.EMPTY.with("use", "sig").with("kid", id).with("alg", algorithm);
    return switch (pair.getPublic()) {
      case RSAPublicKey rsa ->
          key.with("kty", "RSA")
              .with("n", text(bytes(rsa.getModulus())))
              .with("e", text(bytes(rsa.getPublicExponent())));
      case ECPublicKey ec -> {
        int size = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        yield key.with("kty", "EC")
            .with("crv", "P-" + ec.getParams().getCurve().getField().getFieldSize())
            .with("x", text(fixed(ec.getW().getAffineX(), size)))
            .with("y", text(fixed(ec.getW().getAffineY(), size)));
      }
      default -> throw new IllegalStateException("of another kind");
    };
  }

  /** A token in its compact form. */
  String sign(JsonObject header, JsonObject claims) {
    String signed = part(header) + "." + part(claims);
    return signed + "." + text(signature(signed));
  }

  private byte[] signature(String signed) {
    try {
      Signature signature =
          Signature.getInstance(
              algorithm.startsWith("ES")
                  ? "SHA" + algorithm.substring(2) + "withECDSAinP1363Format"
                  : "SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key, which everybody has, taken for a shared secret. */
  String signAsSecret(JsonObject header, JsonObject claims) {
    return sign(pair.getPublic(), header, claims);
  }

  private static String sign(Key secret, JsonObject header, JsonObject claims) {
    String signed = part(header) + "." + part(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getEncoded(), "HmacSHA256"));
      return signed + "." + text(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String unsigned(JsonObject header, JsonObject claims) {
    return part(header) + "." + part(claims) + ".";
  }

  static String part(JsonObject object) {
    return text(object.toJson().toBytes());
  }

  static String text(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  private static byte[] bytes(BigInteger number) {
    return fixed(number, (number.bitLength() + 7) / 8);
  }

  private static byte[] fixed(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    byte[] out = new byte[size];
    int length = Math.min(bytes.length, size);
    System.arraycopy(bytes, bytes.length - length, out, size - length, length);
    return out;
  }

  static Json set(TestKey... keys) {
    return JsonObject.of(
            "keys",
            Json.arrayOf(Arrays.stream(keys).map(TestKey::jwk).map(JsonObject::toJson).toList()))
        .toJson();
  }

  /** Without the private part. */
  @Override
  public String toString() {
    return "TestKey[" + id + "]";
  }
}
