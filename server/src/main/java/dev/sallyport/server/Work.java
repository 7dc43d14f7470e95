package dev.sallyport.server;

import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.function.BooleanSupplier;

/** An author's code with its arguments, ready to be carried out. */
interface Work {
  /** For the name of its thread and for our log. */
  String name();

  /** Runs the code. Any exception ends the call. */
  Outcome carryOut(Call call) throws Exception;

  /**
   * What the client is told when it failed.
   *
   * @param why may be told to the client
   */
  Outcome failed(String why);

  /**
   * Carries it out, whatever the code throws: an author's code may throw anything, and it ends one
   * call.
   *
   * @param dropped whether nobody wants the result any more, so that a failure is no news
   */
  @SuppressWarnings("ThrowSpecificity")
  default Outcome attempt(Call call, BooleanSupplier dropped) {
    try {
      return carryOut(call);
    } catch (MissingCapability missing) {
      return new Outcome.Failed(RpcError.missingCapability(missing.capability().required()));
    } catch (UnfitAnswer unfit) {
      return new Outcome.Failed(RpcError.invalidParams(unfit.told()));
    } catch (CallFailure failure) {
      return failed(failure.told());
    } catch (Throwable unexpected) {
      if (!dropped.getAsBoolean()) {
        Log.of(Work.class).log(System.Logger.Level.ERROR, name() + " failed", unexpected);
      }
      return failed("This failed for a reason that only the server's log tells");
    }
  }
}
