// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;

/** Disks, network cards and a console behind virtio-mmio and virtio-pci. */
public final class VirtioAttack extends DeviceAttack {
  private static final List<Integer> MMIO = List.of(2, 1, 1, 3, 2);
  private static final List<Integer> CARDS = List.of(2, 1);
  private static final int CONSOLE = 3;
  private static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of(), MMIO, CARDS.stream().map(id -> "virtio:" + id).toList(),
      List.of(DeviceBoard.mmio(4)));

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
    return BOARD;
  }

  @Override
  Driver driver(int world) {
    VirtioQueues[] devices = new VirtioQueues[MMIO.size() + CARDS.size()];
    for (int i = 0; i < devices.length; i++) {
      devices[i] = i < MMIO.size() ? VirtioDevice.mmio(i, MMIO.get(i), i) : VirtioDevice.pci(i - MMIO.size() + 1, CARDS.get(i - MMIO
          .size()),
          i);
    }
    return new VirtioDriver(devices, CARDS.size(), CARDS.size(), DeviceBoard.mmio(CONSOLE));
  }
}
