// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;

/** SCSI controllers with a disk and a CD-ROM each, behind virtio-mmio and both legacy transports. */
public final class ScsiAttack extends DeviceAttack {
  @Override
  public String word() {
    return "scsi";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to virtio SCSI controllers (a disk, one of them read-only, and a CD-ROM each), by MMIO, by"
        + " legacy MMIO and by legacy PCI: commands, task management, buffers for events, descriptors, rings and registers";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.virtio.**", "org.xenolith.virtio.**", "org.xenolith.scsi.**", "org.xenolith.pci.**");
  }

  @Override
  DeviceBoard board(int world) {
    return ScsiDriver.BOARD;
  }

  @Override
  Driver driver(int world) {
    return new ScsiDriver();
  }
}
