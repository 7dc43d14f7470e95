/**
 * Who is calling. In comes what a request carries to prove its sender, an access key; out comes a
 * caller (issuer, subject and client) or a refusal. A session id never identifies anybody, and
 * neither does a bare subject.
 *
 * <p>Whatever is unclear here, a timeout or an exception included, is a refusal. Keys are kept as
 * hashes only and are compared in constant time. The gateway calls this module on every request.
 *
 * <p>Obeys the authorization pages and the security best practices of the specification.
 */
@NullMarked
package dev.sallyport.access;

import org.jspecify.annotations.NullMarked;
