// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.List;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInventory;

/** The PCI buses of a machine as text for people; what asks for something in particular asks the {@link PciInventory}. */
final class PciTree {
  private static final int LINE = 16;
  private final Machine machine;
  private final PciInventory inventory;
  private final boolean dump;
  private final StringBuilder text = new StringBuilder();

  /** @param dump whether configuration spaces are shown, byte by byte as {@code lspci -xxxx} shows them */
  PciTree(Machine machine, PciInventory inventory, boolean dump) {
    this.machine = machine;
    this.inventory = inventory;
    this.dump = dump;
  }

  String text() {
    for (PciHostFacts host : inventory.hosts(machine)) {
      text.append(host.summary()).append('\n');
      host.functions().forEach(function -> function(function, "  "));
    }
    return text.isEmpty() ? "There is no PCI host bridge with a model.\n" : text.toString();
  }

  private void function(PciFunctionFacts function, String indent) {
    text.append(indent).append(function.summary()).append('\n');
    for (PciBar bar : function.bars()) {
      text.append(indent).append("        ").append(bar).append('\n');
    }
    if (dump) {
      inventory.config(machine, function.address()).ifPresent(this::bytes);
    }
    function.below().forEach(below -> function(below, indent + "  "));
  }

  private void bytes(byte[] config) {
    for (int at = 0; at < config.length; at += LINE) {
      text.append("%02x:".formatted(at));
      for (int i = 0; i < LINE; i++) {
        text.append(" %02x".formatted(config[at + i] & 0xFF));
      }
      text.append('\n');
    }
  }

  /** Usage, a line each. */
  static List<String> usage() {
    return List.of("pcitree                  PCI buses: functions, BARs, ids, owners, which bundle answers",
        "pcitree -x               the same with all bytes of configuration space, as lspci -xxxx shows them");
  }
}
