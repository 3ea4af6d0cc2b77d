// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.hyp.api.Vcpu;

/** A virtual CPU on a machine with x86-64 processors: {@link Vcpu#x} has its general registers by their number in the encoding of instructions, 0 RAX to 15 R15. */
@ProviderType
public interface X64Vcpu extends Vcpu {
  /** INIT: it waits for its start-up, with registers as after reset. */
  void init();

  /** Start-up, for one that waits for it: it executes in real mode from page {@code vector} on. Another one ignores it. */
  void startUp(int vector);

  /** What {@link GuestInterrupts#pending} says of it may be another answer now. It wakes if it waits and there is an interrupt that it would take. */
  void interruptsChanged();
}
