// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.pci.api.PciAddress;
import org.xenolith.pci.api.PciInventory;

/** Configuration spaces, 16 bytes a line, by way of the guest and of the models. */
final class PciBytes {
  private static final int LINE = 16;

  private PciBytes() {}

  /** As the guest reads a function's. @param function such as {@code 01:00.0} */
  static List<String> seen(GuestMachine guest, String function) {
    return guest.command("od -v -An -tx1 /sys/bus/pci/devices/0000:" + function + "/config").lines().map(String::strip)
        .filter(line -> !line.isEmpty()).toList();
  }

  /** As the model of a function holds it; nothing if there is none. @param function such as {@code 01:00.0} */
  static List<String> held(GuestMachine guest, String function) {
    PciAddress address = new PciAddress(0, Integer.parseInt(function.substring(0, 2), 16), Integer.parseInt(function.substring(3, 5), 16),
        Integer.parseInt(function.substring(6), 16));
    byte[] bytes = inventory().config(guest.machine(), address).orElse(new byte[0]);
    return IntStream.range(0, bytes.length / LINE).mapToObj(i -> HexFormat.ofDelimiter(" ").formatHex(bytes, LINE * i, LINE * i + LINE))
        .toList();
  }

  /** The product's own. */
  static PciInventory inventory() {
    return InstalledProduct.get().service(PciInventory.class);
  }
}
