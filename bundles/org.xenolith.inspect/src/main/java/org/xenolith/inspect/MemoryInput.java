// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;

/** Inputs that write to RAM: the place is the physical address in hexadecimal, with {@code 0x}. */
@Component
public final class MemoryInput implements InputKind {
  static final String KIND = "memory";
  private static final String HEXADECIMAL = "0x";

  static String place(long address) {
    return HEXADECIMAL + Long.toHexString(address);
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public int apply(Machine machine, String place, byte[] bytes) {
    if (!place.matches("0x[0-9a-f]{1,16}")) {
      throw new IllegalArgumentException(place + ": expected an address in hexadecimal, with 0x");
    }
    machine.load(Long.parseUnsignedLong(place.substring(HEXADECIMAL.length()), 16), bytes, 0, bytes.length);
    return bytes.length;
  }
}
