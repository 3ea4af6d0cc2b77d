// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackFramePresentationHint;
import org.eclipse.lsp4j.debug.Thread;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedMachine;

/**
 * The virtual CPUs of a hypervisor's domains as threads, beside the machine's own: those that a CPU executes are seen as that CPU is, of the others how they wait. Their numbers stay the same while
 * their domain is there.
 */
final class DomainThreads {
  /** The first number: a machine has fewer CPUs. */
  private static final int FIRST = 1024;
  /** The most virtual CPUs that a domain has (XEN_LEGACY_MAX_VCPUS of arch-arm.h is the larger one). */
  private static final int MOST = 128;

  private DomainThreads() {}

  /** Whether a number can be one of theirs. */
  static boolean is(int thread) {
    return thread >= FIRST;
  }

  /** Their number; 0 if a guest isn't a domain by its name. */
  static int number(GuestProcessor virtual) {
    return virtual.guest().matches("d[0-9]{1,5}") && virtual.number() < MOST ? FIRST + Integer.parseInt(virtual.guest().substring(1)) * MOST
        + virtual.number() : 0;
  }

  /** All there are now. */
  static List<Thread> of(InspectedMachine machine) {
    return machine.guestProcessors().stream().filter(each -> number(each) != 0).map(each -> {
      Thread thread = new Thread();
      thread.setId(number(each));
      thread.setName(each.guest() + " vCPU " + each.number() + ": " + state(each));
      return thread;
    }).toList();
  }

  private static String state(GuestProcessor virtual) {
    return virtual.on().isPresent() ? virtual.state() + " on CPU " + virtual.on().getAsInt() : virtual.state();
  }

  /** The one of a number; empty if its domain is gone. */
  static Optional<GuestProcessor> find(InspectedMachine machine, int thread) {
    return machine.guestProcessors().stream().filter(each -> number(each) == thread).findFirst();
  }

  /** In the place of the calls of one that no CPU executes: nobody sees its memory. @param number of the frame @param place where it goes on, if that is known */
  static StackFrame waiting(GuestProcessor virtual, int number, OptionalLong place) {
    StackFrame frame = new StackFrame();
    frame.setId(number);
    frame.setName(virtual.state() + ": no CPU executes it now" + (place.isEmpty() ? "" : "; it goes on at 0x%x".formatted(place
        .getAsLong())));
    frame.setPresentationHint(StackFramePresentationHint.LABEL);
    return frame;
  }
}
