package dev.sallyport.gateway.config;

import dev.sallyport.transport.outbound.OutboundProxy;

/** The way to a server at a URL. */
public sealed interface ProxyChoice {
  /** The file says nothing: {@code HTTPS_PROXY} and its kin decide, as for {@code share}. */
  record AsEnvironment() implements ProxyChoice {}

  /** Without one, whatever the environment says. */
  record Direct() implements ProxyChoice {}

  /** Through this one, but for hosts that {@code NO_PROXY} names. */
  record Through(OutboundProxy proxy) implements ProxyChoice {}
}
