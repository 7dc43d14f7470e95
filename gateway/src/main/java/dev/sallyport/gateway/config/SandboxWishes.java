package dev.sallyport.gateway.config;

import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server's processes may touch and use: {@link
 * dev.sallyport.upstream.sandbox.SandboxSettings} without the places of this machine.
 *
 * @param limits those configured, over the standard ones; without a sandbox those configured alone
 * @param read absolute; they are there
 * @param write absolute; they are there
 * @param network whether the file allows it; without a word, all choices but strict have it
 * @param account whom the processes belong to; ours when empty. Whether we may is not judged here
 */
public record SandboxWishes(
    SandboxChoice choice,
    ResourceLimits limits,
    List<Path> read,
    List<Path> write,
    boolean network,
    Optional<Account> account) {
  public SandboxWishes {
    read = List.copyOf(read);
    write = List.copyOf(write);
  }
}
