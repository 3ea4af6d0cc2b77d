// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.List;
import org.xenolith.machine.control.Machine;

/** What is asked first, at the prompt, of a machine whose run has ended. */
public final class FirstLook {
  /** Where Linux begins to give up (kernel/panic.c). */
  private static final String PANIC = "panic";

  private FirstLook() {}

  /** Lines of the prompt: to where the kernel panicked, if it did, in the past of the machine; where its CPUs stand, if it didn't. */
  public static List<String> of(Machine machine, PanicWatch panic) {
    String calls = machine.processors().size() > 1 ? "bt all" : "bt";
    return panic.moment().isEmpty() ? List.of("status", calls) : List.of("at " + panic.moment(), "back-to " + PANIC, calls);
  }
}
