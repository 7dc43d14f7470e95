package dev.sallyport.signin;

import dev.sallyport.transport.http.HttpHead;
import dev.sallyport.transport.outbound.GuardOptions;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a sign-in is for. What can change while it serves is asked for each time.
 *
 * @param issuer the origin under which everybody reaches it, without a slash at its end: the name
 *     that its tokens have as {@code iss}
 * @param resources what tokens can be for
 * @param clients that the operator has named
 * @param registration whether clients may register themselves
 * @param hosts what a request may have as {@code Host}; empty for that of the issuer alone
 * @param peer whom a request comes from, when a proxy is in front of us
 * @param documents where the documents of clients may be fetched from
 */
public record SignInOptions(
    Supplier<String> issuer,
    Supplier<List<Resource>> resources,
    List<KnownClient> clients,
    boolean registration,
    Optional<Predicate<String>> hosts,
    Function<HttpHead, InetAddress> peer,
    GuardOptions documents) {
  public SignInOptions {
    clients = List.copyOf(clients);
  }

  public static SignInOptions of(Supplier<String> issuer, Supplier<List<Resource>> resources) {
    return new SignInOptions(
        issuer,
        resources,
        List.of(),
        true,
        Optional.empty(),
        head -> head.peer().getAddress(),
        GuardOptions.DEFAULT);
  }

  public SignInOptions withClients(List<KnownClient> known) {
    return new SignInOptions(issuer, resources, known, registration, hosts, peer, documents);
  }

  public SignInOptions withRegistration(boolean open) {
    return new SignInOptions(issuer, resources, clients, open, hosts, peer, documents);
  }

  public SignInOptions withHosts(Predicate<String> answeredTo) {
    return new SignInOptions(
        issuer, resources, clients, registration, Optional.of(answeredTo), peer, documents);
  }

  public SignInOptions withPeer(Function<HttpHead, InetAddress> from) {
    return new SignInOptions(issuer, resources, clients, registration, hosts, from, documents);
  }

  public SignInOptions withDocuments(GuardOptions guard) {
    return new SignInOptions(issuer, resources, clients, registration, hosts, peer, guard);
  }
}
