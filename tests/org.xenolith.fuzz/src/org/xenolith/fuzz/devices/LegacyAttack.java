// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import java.util.stream.IntStream;

/** Disks, network cards, consoles and sources of entropy behind both transports of virtio before version 1.0. */
public final class LegacyAttack extends DeviceAttack {
  private static final List<Integer> MMIO = List.of(2, 1, 3, 4, 2);
  private static final List<Integer> CARDS = List.of(2, 1, 3, 4);
  private static final int READ_ONLY = 4;
  private static final int CONSOLE = 2;
  private static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of(), MMIO, CARDS.stream().map(id -> "virtio-legacy:" + id)
      .toList(), List.of(DeviceBoard.mmio(READ_ONLY)), IntStream.range(0, MMIO.size()).boxed().toList(), List.of());

  @Override
  public String word() {
    return "legacy";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to virtio disks (one is read-only), network cards, consoles and sources of entropy, by"
        + " legacy MMIO and by legacy PCI: requests, descriptors, rings, pages of queues and registers while others are under way";
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
      devices[i] = i < MMIO.size() ? LegacyDevice.mmio(i, MMIO.get(i)) : LegacyDevice.card(i - MMIO.size() + 1, CARDS.get(i - MMIO.size()),
          i);
    }
    return new VirtioDriver(devices, CARDS.size(), 0, DeviceBoard.mmio(CONSOLE));
  }
}
