// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/**
 * A PCI function on its way from Dom0 to a domain and back, as {@code xl pci-assignable-add} and {@code -remove} have it done on Linux.
 *
 * @param slot   as the tools name it, with its segment unless that is 0
 * @param driver Dom0's
 */
record GivenFunction(String slot, String driver) {
  private static final List<String> HARM = List.of("model-failed", "refused-dma", "unmodelled-access", "its-message", "change-failed",
      "iommu-fault", "iommu-error", "pci-refused", "virtio-queue-broken", "virtio-net-bad-frame", "virtio-net-bad-address",
      "virtio-net-short-buffer");

  /** As sysfs names it. */
  String address() {
    return slot.length() > "00:00.0".length() ? slot : "0000:" + slot;
  }

  /** Dom0's driver lets go. */
  void release(HypervisorGuest guest) {
    String loaded = guest.dom0("xl-load pciback");
    assertTrue(loaded.isEmpty() || loaded.equals("XENOLITH-LOAD OK pciback"), loaded);
    guest.dom0("cd /sys/bus/pci/drivers; echo " + address() + " > " + driver + "/unbind; echo " + address() + " > pciback/new_slot; echo "
        + address() + " > pciback/bind");
    assertTrue(guest.dom0("cat /sys/bus/pci/drivers/pciback/slots").contains(address()), guest.board()::text);
    guest.xl("pci-assignable-add " + slot);
  }

  /** Dom0's driver has it again, as soon as a file is there. */
  void giveBack(HypervisorGuest guest, String file) {
    guest.xl("pci-assignable-remove " + slot);
    guest.dom0("cd /sys/bus/pci/drivers; echo " + address() + " > pciback/unbind; echo " + address() + " > " + driver + "/bind;"
        + " for i in 1 2 3 4 5 6 7 8 9; do [ -e " + file + " ] || sleep 0.2; done");
    assertEquals(file, guest.dom0("ls -d " + file), guest.board()::text);
  }

  /** Nothing went wrong on the way. */
  static void unharmed(HypervisorGuest guest) {
    HARM.forEach(kind -> assertNull(guest.machine().events().get(kind), guest::events));
  }
}
