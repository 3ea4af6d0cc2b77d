// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

/** Which device was called last: for who finds the machine's thread in a bundle that serves several. */
public final class Entered {
  /** Instance of the device; written on the machine's thread. */
  public String device = "";
}
