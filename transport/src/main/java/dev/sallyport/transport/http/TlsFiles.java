package dev.sallyport.transport.http;

import java.nio.file.Path;

/**
 * Where an identity is, a listener's or a client's, in PEM.
 *
 * @param certificate the certificate, followed by those that lead to its issuer
 * @param key the private key, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
