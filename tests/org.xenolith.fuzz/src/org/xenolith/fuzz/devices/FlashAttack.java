// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;

/** Flash of each width, with and without disks that have its contents. */
public final class FlashAttack extends DeviceAttack {
  @Override
  public String word() {
    return "flash";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to banks of flash of 8 and 32 bits, whose contents are a disk's (one read-only, one too"
        + " short) or nobody's: commands, whole or in pieces, and loads of every size";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.flash.**", "org.xenolith.machine.bus.WindowMemory");
  }

  @Override
  DeviceBoard board(int world) {
    return FlashDriver.BOARD;
  }

  @Override
  Driver driver(int world) {
    return new FlashDriver();
  }
}
