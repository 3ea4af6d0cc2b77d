// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.x64.arch.GuestRegisters;

/** What an HVM context has of a virtual CPU. */
interface ContextVcpu {
  /** Its number in the domain. */
  int id();

  /** Whether it is up: one that isn't has no registers that count. */
  boolean online();

  /** A copy of its registers, wherever they are now. */
  GuestRegisters copy();

  /** Its memory types, as {@link MemoryTypes} has them. */
  long[] memoryTypes();

  /** It is up with these registers. */
  void begin(GuestRegisters made);
}
