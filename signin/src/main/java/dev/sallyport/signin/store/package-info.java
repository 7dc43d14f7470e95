/**
 * What the sign-in remembers, in one SQLite file of its own: people, invites, browsers, clients,
 * codes, refresh tokens and signing keys. One platform thread owns the connection and does one job
 * after the other, each of them whole or not at all; a request on a virtual thread hands its job
 * over and waits. Of everything that opens something only a hash is kept, but for the signing keys
 * and the key that refresh tokens are made with, which stand there in plain text: the file has mode
 * 0600, and whoever can read it can act as this program anyway.
 */
@NullMarked
package dev.sallyport.signin.store;

import org.jspecify.annotations.NullMarked;
