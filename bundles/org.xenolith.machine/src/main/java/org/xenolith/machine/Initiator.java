// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

/** Which CPU's access is being answered, as a bus carries it for banked registers. */
final class Initiator {
  /** Index of the CPU; 0 when none accesses. */
  int cpu;
}
