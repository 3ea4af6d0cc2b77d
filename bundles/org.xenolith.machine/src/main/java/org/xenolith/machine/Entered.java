// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

/** Which device was called last: for who finds the machine's thread in a bundle that serves several. */
final class Entered {
  /** Instance of the device; written on the machine's thread. */
  String device = "";
}
