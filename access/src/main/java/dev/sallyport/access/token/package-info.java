/**
 * Access tokens of other people's identity providers: JWTs (RFC 9068, RFC 7519). In comes a token
 * and the resource that it is shown to; out comes who calls, or why nobody known does. Every rule
 * is the issuer's own: its algorithms, its audience, its type of token, its names of claims.
 *
 * <p>What a token claims is judged before its signature is, so that most that are forged cost
 * little; signatures of tokens that nobody has seen are limited for each peer. Keys are fetched by
 * one thread at a time, and those that are known stay good while a provider is away.
 *
 * <p>Obeys RFC 8725 (best current practices for JWTs) and the authorization pages of the
 * specification. Called by the gateway on every request.
 */
@NullMarked
package dev.sallyport.access.token;

import org.jspecify.annotations.NullMarked;
