// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.machine.control.Machine;

/** What firmware and every driver do to a device on the root bus. */
final class Pci {
  private static final int MSIX = 0x11;

  private Pci() {}

  /** Where the capability of MSI-X is. @param machine null where that doesn't matter */
  static int messages(Machine machine, int device) {
    int capability = machine == null ? 0x40 : DeviceBoard.capability(machine, device, MSIX);
    if (capability == 0) {
      throw new IllegalStateException("device " + device + " has no MSI-X");
    }
    return capability;
  }

  /**
   * Gives BAR 0 (64 bits) its place, lets the device decode and master the bus, and sends its messages to the ITS.
   *
   * @param table   of MSI-X, in BAR 0
   * @param vectors that are used, whose numbers are the events
   */
  static void setUp(Machine machine, Script script, int device, int table, int vectors) {
    long config = Place.config(device);
    script.store4(config + 0x10, Place.bar(device));
    script.store4(config + 0x14, 0);
    script.store(config + 4, 2, 6);
    for (int vector = 0; vector < vectors; vector++) {
      long entry = Place.bar(device) + table + 16L * vector;
      script.store8(entry, Place.DOORBELL);
      script.store4(entry + 8, vector);
      script.store4(entry + 12, 0);
    }
    script.store(config + messages(machine, device) + 2, 2, 0x8000);
  }
}
