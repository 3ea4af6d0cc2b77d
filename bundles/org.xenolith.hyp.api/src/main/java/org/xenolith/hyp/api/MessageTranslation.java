// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Interrupt messages of the machine in the place of those that domains want, on machines whose CPUs take messages themselves: what a domain has its functions write names its own virtual CPUs and vectors,
 * which mean nothing to the machine. The role {@code vmsi}.
 */
@ConsumerType
public interface MessageTranslation {
  /** Messages of one function: their numbers are below. */
  int MESSAGES = 1 << 12;

  /**
   * A message of the machine's that becomes the domain's when it comes; for one that has it already, what it becomes from now on.
   *
   * @param sbdf    the function
   * @param number  of its message, below {@link #MESSAGES}
   * @param address where the domain wants it written
   * @param data    what the domain wants written
   * @return null if there is none: that is no message that the domain could have, or there is nothing left
   */
  Message give(int sbdf, int number, Domain domain, long address, int data);

  /** Messages of a function become nobody's any more. */
  void take(int sbdf);

  /**
   * What the hardware writes.
   *
   * @param address by which the machine's CPUs take it
   * @param data    32 bits
   */
  record Message(long address, int data) {}
}
