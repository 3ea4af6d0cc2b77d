// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;

/** Disks, network cards and a console behind virtio-mmio and virtio-pci. */
public final class VirtioAttack extends DeviceAttack {
  @Override
  public String word() {
    return "virtio";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to virtio disks (one is read-only), network cards and a console, by MMIO and by PCI:"
        + " requests, descriptors, rings, indices and registers while others are under way";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.virtio.**", "org.xenolith.virtio.**", "org.xenolith.net.**", "org.xenolith.pci.**");
  }

  @Override
  DeviceBoard board(int world) {
    return VirtioDriver.BOARD;
  }

  @Override
  Driver driver(int world) {
    return new VirtioDriver();
  }
}
