package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.upstream.Isolation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The servers of an endpoint. */
public sealed interface Crew {
  /**
   * What a server answers that is not to be led to any more, before it does anything: whoever took
   * the way to it just before that is led to what is there now.
   */
  Outcome REPLACED =
      new Outcome.Refused(Refusal.of(Refusal.Reason.UNAVAILABLE, "this server was replaced"));

  /**
   * One, whose names are left as they are and who speaks for itself.
   *
   * @param isolation who shares a process or session of it, and so what one of them says of itself
   */
  record One(Handler server, Isolation isolation, ToolRules rules) implements Crew {
    /** One that each caller has a process or session of: what is so is private, and never wrong. */
    public One(Handler server, ToolRules rules) {
      this(server, Isolation.CALLER, rules);
    }

    /** All of its tools are offered. */
    public One(Handler server) {
      this(server, ToolRules.ALL);
    }
  }

  /**
   * Several, told apart by prefixes.
   *
   * @param members with prefixes that differ
   * @param self who the endpoint says it is: an Implementation object
   */
  record Several(List<Member> members, JsonObject self) implements Crew {
    public Several {
      members = List.copyOf(members);
      Set<String> prefixes = new HashSet<>();
      for (Member member : members) {
        if (!prefixes.add(member.prefix())) {
          throw new IllegalArgumentException("two servers with the prefix " + member.prefix());
        }
      }
    }
  }
}
