package dev.sallyport.server;

/**
 * The client cannot be asked this. Uncaught it ends the call with -32021, which names what the
 * client would have to declare; {@link Call#can} tells beforehand.
 */
public final class MissingCapability extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Capability capability;

  MissingCapability(Capability capability) {
    super("the client did not declare " + capability);
    this.capability = capability;
  }

  public Capability capability() {
    return capability;
  }
}
