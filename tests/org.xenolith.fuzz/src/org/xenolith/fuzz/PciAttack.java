// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** What a guest does with PCI functions that it was given, and physdev_op of Dom0's. */
final class PciAttack extends GuestAttack {
  @Override
  public String word() {
    return "pci";
  }

  @Override
  public String says() {
    return "what a guest does with two rogue endpoints that it was given: accesses to configuration space, BARs, MSI-X table, its ITS and "
        + "redistributors, commands of the ITS, DMA and messages anywhere; and physdev_op with any arguments in Dom0's name";
  }

  @Override
  List<String> packages() {
    return List.of("pci.**", "vpci.**", "its.**", "physdev.**", "smmuv3.**", "pcihost.**", "vgic.**");
  }

  @Override
  byte[] code() {
    return GuestCode.PROGRAM;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    return PciInput.place(world, guest, input);
  }

  @Override
  public int world(byte[] input) {
    return 3;
  }

  @Override
  boolean cards() {
    return true;
  }
}
