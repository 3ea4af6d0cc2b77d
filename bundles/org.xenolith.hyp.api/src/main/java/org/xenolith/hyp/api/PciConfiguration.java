// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Configuration cycles of one segment. Must not throw. */
@ConsumerType
public interface PciConfiguration {
  /**
   * Reads.
   *
   * @param rid      routing id of the function
   * @param register byte offset, 0 to 4095, a multiple of {@code size}
   * @param size     1, 2 or 4 bytes
   * @return the value, zero-extended; all-ones if no function answers
   */
  int read(int rid, int register, int size);

  /** Writes; what no function takes is lost. */
  void write(int rid, int register, int size, int value);
}
