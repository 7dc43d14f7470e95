/**
 * Serves clients of the versions with a handshake: sessions, event streams that can be resumed,
 * batches, and questions asked with requests of our own.
 */
@NullMarked
package dev.sallyport.downstream.legacy;

import org.jspecify.annotations.NullMarked;
