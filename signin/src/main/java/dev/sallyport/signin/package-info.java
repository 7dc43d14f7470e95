/**
 * The built-in authorization server, for teams that have none: OAuth 2.1 with code and PKCE alone.
 * People come in by single-use invites and are known again by a cookie of their browser; clients
 * are known by a document that they publish, by registering themselves, or to the operator. In
 * comes HTTP, under paths of its own at the root of the origin ({@code SignIn.handler}), beside the
 * routes of MCP; out go access tokens (RFC 9068) for the resources that are served, which {@code
 * access.token} checks as those of any other issuer. The command line makes invites and revokes
 * people ({@code People}), also while a gateway runs. Obeys RFC 6749 as OAuth 2.1 has it, 7009,
 * 7591, 7636, 8252, 8414, 8707, 9068, 9207 and 9700, and MCP's pages on authorization (AS-01 to
 * AS-07).
 */
@NullMarked
package dev.sallyport.signin;

import org.jspecify.annotations.NullMarked;
