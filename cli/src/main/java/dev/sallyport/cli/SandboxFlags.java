package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import dev.sallyport.upstream.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the server's processes may touch and use: the same flags for everything that starts some.
 */
final class SandboxFlags {
  private static final String TOOLS = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

  private static final Flag SANDBOX =
      Flag.taking(
              "sandbox",
              "CHOICE",
              "keep the server in: auto (the best there is here), strict (all of it, or no start),"
                  + " bwrap, landlock or none")
          .withDefault("auto");
  private static final Flag READ =
      Flag.taking("allow-read", "PATH", "let the server read this too").repeatable();
  private static final Flag WRITE =
      Flag.taking("allow-write", "PATH", "let the server read and write this too").repeatable();
  private static final Flag NETWORK =
      Flag.on("allow-net", "in strict a server has no network; this gives it one");
  private static final Flag LIMIT =
      Flag.taking(
              "limit",
              "NAME=VALUE",
              "what each of its children may use: memory=2g, processes=256, files=1024, cpus=1.5")
          .repeatable();
  private static final Flag USER =
      Flag.taking("user", "NAME", "run the server as this user; Sallyport itself has to be root");

  private SandboxFlags() {}

  static FlagGroup group() {
    return FlagGroup.of("Sandbox", SANDBOX, READ, WRITE, NETWORK, LIMIT, USER);
  }

  /**
   * What the flags say.
   *
   * @param name of the server
   */
  static SandboxSettings read(Arguments arguments, Sallyport.Surroundings surroundings, String name)
      throws CliFault {
    String sandbox = arguments.text(SANDBOX);
    SandboxChoice choice =
        SandboxChoice.of(sandbox)
            .orElseThrow(
                () ->
                    new CliFault(
                        CliFault.USAGE,
                        "--sandbox "
                            + sandbox
                            + " is not one of auto, strict, bwrap, landlock, none"));
    Optional<Account> account = account(arguments);
    return new SandboxSettings(
        choice,
        limits(arguments, choice),
        existing(arguments, READ),
        existing(arguments, WRITE),
        arguments.has(NETWORK),
        account,
        places(surroundings, name, account));
  }

  private static List<Path> existing(Arguments arguments, Flag flag) throws CliFault {
    List<Path> all = new ArrayList<>();
    for (Path path : arguments.paths(flag)) {
      if (!Files.exists(path)) {
        throw new CliFault(
            CliFault.USAGE, flag.written() + " " + path + ": there is no such file or folder");
      }
      all.add(path.toAbsolutePath().normalize());
    }
    return all;
  }

  /** Without a sandbox there are only the limits that somebody asked for. */
  private static ResourceLimits limits(Arguments arguments, SandboxChoice choice) throws CliFault {
    ResourceLimits all =
        choice == SandboxChoice.NONE ? ResourceLimits.UNLIMITED : ResourceLimits.DEFAULT;
    for (String limit : arguments.texts(LIMIT)) {
      all =
          all.with(limit)
              .orElseThrow(
                  () ->
                      new CliFault(
                          CliFault.USAGE,
                          "--limit " + limit + " is not a limit: memory, processes, files or cpus",
                          "for example:  --limit memory=512m --limit processes=64"
                              + " --limit files=256 --limit cpus=1.5"));
    }
    return all;
  }

  private static Optional<Account> account(Arguments arguments) throws CliFault {
    Optional<String> user = arguments.given(USER);
    if (user.isEmpty()) {
      return Optional.empty();
    }
    String name = user.get();
    Optional<Account> account;
    try {
      account = Account.find(name, Account.PASSWD);
    } catch (IOException e) {
      throw new CliFault(CliFault.USAGE, "--user " + name + ": the users here cannot be listed");
    }
    if (account.isEmpty()) {
      throw new CliFault(
          CliFault.USAGE,
          "--user " + name + ": there is no such user on this machine",
          "make one:  useradd --system " + name);
    }
    if (!Account.weAreRoot()) {
      throw new CliFault(
          CliFault.PERMISSION, "--user " + name + " takes root, to become somebody else");
    }
    return account;
  }

  static SandboxSettings.Places places(
      Sallyport.Surroundings surroundings, String name, Optional<Account> account) throws CliFault {
    Map<String, String> environment = surroundings.environment();
    try {
      Path data =
          DataDirectory.open(environment, surroundings.userHome(), surroundings.user()).path();
      return new SandboxSettings.Places(
          name,
          environment.getOrDefault("PATH", TOOLS),
          Path.of(surroundings.userHome()),
          data,
          Optional.ofNullable(System.getProperty("sallyport.home"))
              .map(home -> Path.of(home).toAbsolutePath().normalize()),
          account.map(some -> ofOthers(environment, some)).orElse(data.resolve("homes")),
          Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }

  /** Another user cannot come to what lies in our own folder. A service manager says where. */
  private static Path ofOthers(Map<String, String> environment, Account account) {
    String state = environment.getOrDefault("STATE_DIRECTORY", "");
    return Path.of(state.startsWith("/") ? state : "/var/lib/sallyport", "homes-" + account.name());
  }
}
