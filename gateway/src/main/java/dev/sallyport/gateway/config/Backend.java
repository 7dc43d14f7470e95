package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ChildCommand;
import java.nio.file.Path;
import java.util.Optional;

/** What a server is. None of these shows arguments, values or fields when it is printed. */
public sealed interface Backend {
  /**
   * A program that is run here.
   *
   * @param command with its directory: the one that is configured, or the folder of the file
   */
  record Command(ChildCommand command, SandboxWishes sandbox) implements Backend {}

  /**
   * A server at a URL.
   *
   * @param fields what each request to it says besides
   * @param authorities trusted in place of those that Java trusts; absolute
   * @param identity shown to a server that asks who we are; absolute
   */
  record Remote(
      HttpUrl url,
      HttpFields fields,
      Optional<Path> authorities,
      Optional<TlsFiles> identity,
      ProxyChoice proxy)
      implements Backend {
    /** Without the path, which can be a secret of its own. */
    @Override
    public String toString() {
      return "Remote[" + url.origin() + ", fields=" + fields + "]";
    }
  }
}
