package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.upstream.sandbox.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The kinds of values that depend on this machine: files, folders, users. A path that is not
 * absolute starts at the folder of the configuration.
 */
final class LocalFiles {
  private static final int MOST_OF_PEM = 1024 * 1024;

  private final Path folder;
  private final boolean looking;

  /**
   * @param looking false when nothing has to be there, because nothing will be done with it
   */
  LocalFiles(Path folder, boolean looking) {
    this.folder = folder;
    this.looking = looking;
  }

  Path folder() {
    return folder;
  }

  Kind<Path> existing() {
    return path("a file or folder that is there", "", Files::exists);
  }

  Kind<Path> directory() {
    return path("a folder that is there", "", Files::isDirectory);
  }

  Kind<Account> user() {
    return Kind.text("a user of this machine", "nobody", this::account);
  }

  private Optional<Account> account(String name) {
    if (!looking) {
      return Optional.of(new Account(name, 0, 0, folder));
    }
    try {
      return Account.find(name, Account.PASSWD);
    } catch (IOException cannotBeListed) {
      return Optional.empty();
    }
  }

  Optional<Path> certificates(Group group, String key) {
    return group.find(key, pem("CERTIFICATE-----", "a file with certificates in PEM, to be read"));
  }

  /** A certificate and its key, which go together. */
  Optional<TlsFiles> identity(Group group, String certificate, String key) {
    if (group.has(certificate) != group.has(key)) {
      String there = group.has(certificate) ? certificate : key;
      String missing = group.has(certificate) ? key : certificate;
      group.fault(there, "goes together with " + missing + ", which is not here");
    }
    Optional<Path> chain = certificates(group, certificate);
    Optional<Path> secret =
        group.find(key, pem("PRIVATE KEY-----", "a file with a private key in PEM, to be read"));
    return chain.flatMap(file -> secret.map(other -> new TlsFiles(file, other)));
  }

  List<Path> all(Group group, String key) {
    return group.list(key, existing()).stream().map(Located::value).toList();
  }

  private Kind<Path> pem(String mark, String told) {
    return path(told, "", file -> holds(file, mark));
  }

  private static boolean holds(Path file, String mark) {
    return FileText.read(file, MOST_OF_PEM) instanceof FileText.Text(String text)
        && text.contains(mark);
  }

  private Kind<Path> path(String told, String example, Predicate<Path> right) {
    return Kind.text(told, example, text -> resolved(text).filter(p -> !looking || right.test(p)));
  }

  private Optional<Path> resolved(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.resolve(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
