package dev.sallyport.access.token;

import java.util.List;

/**
 * Where an issuer's tokens say what. Of several names the first that is there counts; a dot leads
 * into an object ({@code realm_access.roles}), unless there is a claim of the whole name.
 *
 * @param scopes texts with spaces between the scopes, or lists
 * @param groups lists, or single texts
 * @param client the OAuth client
 * @param person a name for people to read
 */
public record ClaimNames(
    List<String> scopes, List<String> groups, List<String> client, List<String> person) {
  /** RFC 9068; then Entra ID, Okta, and OpenID Connect's {@code azp}. */
  public static final ClaimNames USUAL =
      new ClaimNames(
          List.of("scope", "scp"),
          List.of("groups"),
          List.of("client_id", "azp", "cid", "appid"),
          List.of("preferred_username", "email", "name"));

  public ClaimNames {
    scopes = List.copyOf(scopes);
    groups = List.copyOf(groups);
    client = List.copyOf(client);
    person = List.copyOf(person);
  }
}
