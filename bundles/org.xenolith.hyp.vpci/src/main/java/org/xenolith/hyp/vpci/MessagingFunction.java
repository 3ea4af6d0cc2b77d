// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.regs.DeviceState;

/** A function as its message capabilities act on it. */
interface MessagingFunction {
  /** Its state, which gets theirs. */
  DeviceState state();

  /** Reads a register of the hardware's. */
  int hardware(int register, int size);

  /** Writes one. */
  void hardware(int register, int size, int value);

  /** What its domain tried isn't done. */
  void refuse(int register, String why);

  Environment around();

  /** Where its domain has it write messages. */
  Doorbell doorbell();

  /** Whether a BAR is in the domain's stage 2 but for trapped pages. */
  boolean barMapped(int bar);

  /** Where its domain has a BAR. */
  long barSeen(int bar);

  /** Where CPUs see a BAR; -1 if they don't. */
  long barHost(int bar);

  /** Bytes of a memory BAR; 0 if there is none. */
  long barSize(int bar);
}
