package dev.sallyport.signin;

import dev.sallyport.signin.store.ClientTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Knows clients by their ids, of all three kinds. Thread-safe. */
final class Clients {
  private static final int LONGEST_ID = 1_000;

  private final Map<String, Client> named;
  private final ClientDocuments documents;
  private final Store store;
  private final Clock clock;

  Clients(SignInOptions options, ClientDocuments documents, Store store, Clock clock) {
    this.named =
        options.clients().stream()
            .map(
                known ->
                    new Client(
                        known.id(),
                        known.name(),
                        Optional.empty(),
                        true,
                        Client.redirects(known.redirects())))
            .collect(Collectors.toMap(Client::id, Function.identity()));
    this.documents = documents;
    this.store = store;
    this.clock = clock;
  }

  /** What is known of an id. */
  sealed interface Found {
    record Known(Client client) implements Found {}

    /**
     * @param why for the person who wants to sign in
     */
    record Unknown(String why) implements Found {}
  }

  /** May block for as long as a document is fetched. */
  Found find(String id) throws StoreException, InterruptedException {
    if (id.length() > LONGEST_ID) {
      return new Found.Unknown("The name of the client (client_id) is too long.");
    }
    if (named.containsKey(id)) {
      return new Found.Known(named.get(id));
    }
    if (id.startsWith("https:")) {
      return documents.find(id);
    }
    Optional<Client> registered =
        store
            .in(rows -> ClientTable.find(rows, id, clock.instant()))
            .map(
                row ->
                    new Client(
                        row.id(),
                        row.name(),
                        Optional.empty(),
                        false,
                        Client.redirects(row.redirects())));
    return registered
        .<Found>map(Found.Known::new)
        .orElseGet(
            () ->
                new Found.Unknown(
                    "No client of that name (client_id) is known here. If it worked before, its"
                        + " registration has expired: make the program forget this server's"
                        + " sign-in, and start again."));
  }
}
