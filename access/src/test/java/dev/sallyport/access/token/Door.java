package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Secret;
import dev.sallyport.access.Standing;
import dev.sallyport.access.token.TokenVerdict.Cause;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.protocol.Identity;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A provider, whoever takes its tokens, and a clock that a test moves. */
final class Door implements AutoCloseable {
  static final String RESOURCE = "https://gw.test/mcp";
  static final TestKey RSA = TestKey.rsa("rsa-1");
  static final TestKey EC = TestKey.ec("ec-1");
  static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.7");

  final TestTime time = new TestTime();

  /** Of everybody. */
  final AtomicReference<Standing> standing = new AtomicReference<>(Standing.GOOD);

  final AuthorizationServer provider;
  final AccessTokens tokens;
  private final HttpEngine engine = HttpEngine.begin();

  private Door(AuthorizationServer provider, List<Issuer> issuers) {
    this.provider = provider;
    this.tokens = AccessTokens.open(engine, issuers, person -> standing.get(), time, time::nanos);
  }

  static Door open() throws IOException {
    return open(issuer -> issuer);
  }

  static Door open(UnaryOperator<Issuer> described) throws IOException {
    AuthorizationServer provider = AuthorizationServer.open(RSA, EC);
    return new Door(provider, List.of(described.apply(issuer(provider.url()))));
  }

  static Door of(AuthorizationServer provider, Issuer... issuers) {
    return new Door(provider, List.of(issuers));
  }

  static Issuer issuer(String url) {
    return Issuer.of(url, HttpUrl.of(url).orElseThrow());
  }

  /** A token as it should be. */
  TokenText token() {
    return TokenText.of(provider.url(), RESOURCE, time.instant());
  }

  TokenVerdict show(String token) {
    return show(token, PEER);
  }

  TokenVerdict show(String token, InetAddress peer) {
    return tokens.check(new Secret(token), RESOURCE, peer);
  }

  Identity taken(String token) {
    TokenVerdict verdict = show(token);
    assertThat(verdict).isInstanceOf(TokenVerdict.Valid.class);
    return ((TokenVerdict.Valid) verdict).identity();
  }

  void refused(String token, Fault fault) {
    TokenVerdict verdict = show(token);
    assertThat(verdict).isInstanceOf(TokenVerdict.Invalid.class);
    assertThat(((TokenVerdict.Invalid) verdict).fault()).isEqualTo(fault);
  }

  void undecided(String token, Cause cause) {
    TokenVerdict verdict = show(token);
    assertThat(verdict).isInstanceOf(TokenVerdict.Undecided.class);
    assertThat(((TokenVerdict.Undecided) verdict).cause()).isEqualTo(cause);
  }

  @Override
  public void close() {
    tokens.close();
    provider.close();
    engine.close();
  }
}
