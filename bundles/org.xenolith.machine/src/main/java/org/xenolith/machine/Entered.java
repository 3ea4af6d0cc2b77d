// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

/** Which device was called last: for who finds the machine's thread in a bundle that serves several. */
final class Entered {
  /** Instance of the device; written on the machine's thread. */
  String device = "";

  /** A device is called: the same as before, as a rule, and then nothing is written. */
  void by(String called) {
    if (device != called) {
      device = called;
    }
  }
}
