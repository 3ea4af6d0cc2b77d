// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiStatus;

/** A call of a protocol's function as callers make it: by the pointer in the interface, which is the first argument. */
final class ProtocolCall {
  private ProtocolCall() {}

  /** What a function returns. @param function where its pointer is in the interface; @param arguments what is behind the interface */
  static long value(FakeFirmware firmware, long self, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = self;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(self + function), all);
  }

  /** The status that a function returns; null if it is none of the specification's. */
  static EfiStatus status(FakeFirmware firmware, long self, int function, long... arguments) {
    return EfiStatus.of(value(firmware, self, function, arguments));
  }
}
