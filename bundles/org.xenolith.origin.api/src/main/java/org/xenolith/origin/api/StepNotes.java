// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import org.osgi.annotation.versioning.ProviderType;

/** Takes down what a part of a machine does during one instruction, or while all wait for the next. On the machine's thread. */
@ProviderType
public interface StepNotes {
  /** Something was done. @param text who did what, for people: {@code hypercall grant_table_op copy of d2v0} */
  void note(String text);

  /** Sectors were read from a disk that is no device's of the machine. @param disk for people @param first number of the first of them @param bytes their content */
  void sectors(String disk, long first, byte[] bytes);

  /** Java copied from RAM to RAM. */
  void copied(OwnedCopy copy);
}
