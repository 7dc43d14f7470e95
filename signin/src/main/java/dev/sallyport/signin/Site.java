package dev.sallyport.signin;

import dev.sallyport.protocol.Log;
import dev.sallyport.signin.page.Pages;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The endpoints by their paths, and what holds for all of them: which host, which method, how much,
 * and how often. Thread-safe.
 */
final class Site implements HttpHandler {
  private static final int OF_ONE = 240;
  private static final int OF_ALL = 3_000;
  private static final int REGISTRATIONS_OF_ONE = 20;
  private static final int REGISTRATIONS_OF_ALL = 120;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,6}");
  private static final Log LOG = Log.of(Site.class);

  private final SignInOptions options;
  private final Endpoints endpoints;
  private final Pace pace;
  private final Pace registrations;

  /** Who does the work. */
  record Endpoints(
      AuthorizeEndpoint authorize,
      TokenEndpoint token,
      Registration registration,
      InviteEndpoint invite,
      TokenMint mint) {}

  /**
   * @param nanos a monotonic clock
   */
  Site(SignInOptions options, Endpoints endpoints, LongSupplier nanos) {
    this.options = options;
    this.endpoints = endpoints;
    pace = new Pace(OF_ONE, OF_ALL, nanos);
    registrations = new Pace(REGISTRATIONS_OF_ONE, REGISTRATIONS_OF_ALL, nanos);
  }

  /** What a path leads to. */
  private enum Place {
    METADATA(false, "GET"),
    KEYS(false, "GET"),
    AUTHORIZE(true, "GET, POST"),
    INVITE(true, "GET, POST"),
    TOKEN(false, "POST"),
    REVOKE(false, "POST"),
    REGISTER(false, "POST"),
    NOWHERE(true, "");

    private final boolean forPeople;
    private final String methods;

    Place(boolean forPeople, String methods) {
      this.forPeople = forPeople;
      this.methods = methods;
    }

    boolean takes(String method) {
      return List.of(methods.split(", ", -1)).contains(method);
    }

    static Place of(String path) {
      return switch (path) {
        case Home.METADATA -> METADATA;
        case Home.KEYS -> KEYS;
        case Home.AUTHORIZE -> AUTHORIZE;
        case Home.TOKEN -> TOKEN;
        case Home.REVOKE -> REVOKE;
        case Home.REGISTER -> REGISTER;
        default -> path.startsWith(People.INVITE_PATH) ? INVITE : NOWHERE;
      };
    }
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    Home home = home();
    Place place = placeOf(head);
    List<String> hosts = head.fields().all("Host");
    if (hosts.size() != 1 || !isAnsweredTo(home, hosts.getFirst())) {
      return Optional.of(Pages.trouble(421, "Wrong address", "The sign-in is at " + home.issuer()));
    }
    if (place == Place.NOWHERE) {
      return Optional.of(Pages.trouble(404, "Nothing is here", "Check the address."));
    }
    if (head.method().equals("OPTIONS") && !place.forPeople) {
      return Optional.of(Answers.preflight());
    }
    if (!place.takes(head.method())) {
      return Optional.of(HttpAnswer.empty(405).with("Allow", place.methods));
    }
    if (!mayCome(place, head)) {
      return Optional.of(tooOften(place));
    }
    return isTooLong(head) ? Optional.of(tooMuch(place)) : Optional.empty();
  }

  private boolean isAnsweredTo(Home home, String host) {
    return options.hosts().map(known -> known.test(host)).orElseGet(() -> home.isAt(host));
  }

  private Place placeOf(HttpHead head) {
    Place place = Place.of(head.path());
    return place == Place.REGISTER && !options.registration() ? Place.NOWHERE : place;
  }

  private Home home() {
    return new Home(options.issuer().get());
  }

  private boolean mayCome(Place place, HttpHead head) {
    return switch (place) {
      case METADATA, KEYS, NOWHERE -> true;
      case REGISTER -> registrations.take(options.peer().apply(head));
      case AUTHORIZE, INVITE, TOKEN, REVOKE -> pace.take(options.peer().apply(head));
    };
  }

  private static boolean isTooLong(HttpHead head) {
    String length = head.fields().first("Content-Length").orElse("0");
    return !LENGTH.matcher(length).matches() || Integer.parseInt(length) > Registration.MOST_BYTES;
  }

  private static HttpAnswer tooOften(Place place) {
    HttpAnswer answer =
        place.forPeople
            ? Pages.trouble(429, "Too often", "Wait a minute, then try again.")
            : Answers.error(429, "temporarily_unavailable", "too often; wait a minute");
    return answer.with("Retry-After", "60");
  }

  private static HttpAnswer tooMuch(Place place) {
    return place.forPeople
        ? Pages.trouble(413, "Too much", "The browser has sent more than it should.")
        : Answers.error(413, "invalid_request", "the body is too large");
  }

  @Override
  public void serve(HttpCall call) {
    Place place = placeOf(call.head());
    call.answer(
        call.body().length > Registration.MOST_BYTES ? tooMuch(place) : answered(place, call));
  }

  private HttpAnswer answered(Place place, HttpCall call) {
    try {
      return answer(place, call);
    } catch (StoreException e) {
      log(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return place.forPeople
        ? Pages.trouble(503, "Not now", "The server is busy. Try again in a moment.")
        : Answers.unavailable();
  }

  /**
   * Where there is a line of those that wait, there would be as many traces, all of them the same.
   */
  private static void log(StoreException why) {
    String text = "a sign-in could not go on: " + why.getMessage();
    if (why.getCause() == null) {
      LOG.log(Level.WARNING, text);
    } else {
      LOG.log(Level.WARNING, text, why);
    }
  }

  private HttpAnswer answer(Place place, HttpCall call)
      throws StoreException, InterruptedException {
    Home home = home();
    HttpHead head = call.head();
    boolean get = head.method().equals("GET");
    return switch (place) {
      case METADATA -> Answers.lasting(metadata(home));
      case KEYS -> Answers.lasting(endpoints.mint().published());
      case AUTHORIZE -> get ? endpoints.authorize().ask(home, head) : decide(home, call);
      case INVITE -> get ? endpoints.invite().show(home, head) : endpoints.invite().use(home, head);
      case TOKEN -> {
        Optional<Form> form = form(call);
        yield form.isEmpty() ? noForm() : endpoints.token().token(home, form.get());
      }
      case REVOKE -> {
        Optional<Form> form = form(call);
        yield form.isEmpty() ? noForm() : endpoints.token().revoke(form.get());
      }
      case REGISTER -> endpoints.registration().register(call.body());
      case NOWHERE -> Pages.trouble(404, "Nothing is here", "Check the address.");
    };
  }

  private HttpAnswer decide(Home home, HttpCall call) throws StoreException {
    Optional<Form> form = form(call);
    return form.isEmpty()
        ? Pages.trouble(400, "This cannot work", "The form is damaged.")
        : endpoints.authorize().decide(home, call.head(), form.get());
  }

  byte[] metadata(Home home) {
    return home.metadata(options.resources().get(), options.registration()).toBytes();
  }

  private static Optional<Form> form(HttpCall call) {
    String type = call.head().fields().first("Content-Type").orElse("");
    return type.split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT)
            .equals("application/x-www-form-urlencoded")
        ? Form.read(call.body())
        : Optional.empty();
  }

  private static HttpAnswer noForm() {
    return Answers.error(
        400, "invalid_request", "the body is no form (application/x-www-form-urlencoded)");
  }
}
