// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.inspect.api.InspectedProcessor;

/**
 * How a machine is to go on. A processor that is to step executes one instruction; the others execute meanwhile what they would have executed, whatever is asked of them, as the run is what it
 * would be without a debugger.
 *
 * @param step  the processor that is to; empty if all go on until something stops them
 * @param first while it is between these addresses, it steps on: the first one
 * @param end   the one behind the last; the same as the first for one instruction
 */
record ResumeRequest(OptionalInt step, long first, long end) {
  static final ResumeRequest CONTINUE = new ResumeRequest(OptionalInt.empty(), 0, 0);

  static ResumeRequest step(InspectedProcessor processor) {
    return new ResumeRequest(OptionalInt.of(processor.index()), 0, 0);
  }

  /** Whether a step isn't over at an address. */
  boolean goesOn(long address) {
    return Long.compareUnsigned(address, first) >= 0 && Long.compareUnsigned(address, end) < 0;
  }

  /**
   * What packet vCont asks for: {@code ACTION[:THREAD]}, several with semicolons between them.
   *
   * @return empty if nothing is to go on
   * @throws IllegalArgumentException if it makes no sense
   */
  static Optional<ResumeRequest> of(String text, DebuggedMachine machine) {
    Optional<ResumeRequest> found = Optional.empty();
    for (String action : text.split(";")) {
      if (action.isEmpty()) {
        continue;
      }
      int colon = action.indexOf(':');
      String what = colon < 0 ? action : action.substring(0, colon);
      String thread = colon < 0 ? "-1" : action.substring(colon + 1);
      Optional<ResumeRequest> one = one(what, machine.inferiors().named(thread).map(Inferiors.Named::processor).orElseThrow(
          () -> new IllegalArgumentException(
              "there is no thread " + thread)));
      // Who steps counts; that others go on says nothing new.
      found = found.isPresent() && found.get().step().isPresent() ? found : one.isPresent() ? one : found;
    }
    return found;
  }

  private static Optional<ResumeRequest> one(String what, InspectedProcessor processor) {
    return switch (what.charAt(0)) {
      case 'c', 'C' -> Optional.of(CONTINUE);
      case 's', 'S' -> Optional.of(step(processor));
      case 'r' -> {
        String[] range = what.substring(1).split(",", 2);
        if (range.length < 2) {
          throw new IllegalArgumentException(what + ": a range has two addresses");
        }
        yield Optional.of(new ResumeRequest(OptionalInt.of(processor.index()), Reply.number(range[0]), Reply.number(range[1])));
      }
      case 't' -> Optional.empty();
      default -> throw new IllegalArgumentException(what + " is no action");
    };
  }
}
