// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.Map;
import java.util.function.Function;

/**
 * A request that is served.
 *
 * @param when   what it needs of the machine
 * @param answer from its arguments, by LSP4J's type of them, to the body of its response; null for none. Throws {@link RequestRefused}
 */
record DapRequest(When when, Function<Object, Object> answer) {
  /** When a request can be answered. */
  enum When {
    /** Whatever the machine does: it isn't looked at. */
    ANY_TIME,
    /** While it is halted: one that runs is halted for a moment, if it isn't in the middle of a step. */
    BRIEFLY,
    /** While it is halted, and the client knows. */
    HALTED
  }

  Object answer(Object arguments) {
    return answer.apply(arguments);
  }

  /** Adds one. @param type of its arguments */
  static <A> void add(Map<String, DapRequest> requests, String command, When when, Class<A> type, Function<A, Object> answer) {
    requests.put(command, new DapRequest(when, arguments -> answer.apply(type.cast(arguments))));
  }
}
