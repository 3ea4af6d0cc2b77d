// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;

/** Names of the registers of a configuration space, for who looks into a function (PCI Local Bus 3.0, 6.1; PCI-to-PCI Bridge 1.2, 3.2). */
final class ConfigRegisters {
  private static final String HEADER = "PCI Local Bus 3.0, 6.1";
  private static final String BRIDGE = "PCI-to-PCI Bridge 1.2, 3.2";
  private static final List<ListedRegister> BOTH = List.of(row("Vendor ID", 0x00, 2), row("Device ID", 0x02, 2), row("Command", 0x04, 2),
      row(
          "Status", 0x06, 2), row("Revision ID", 0x08, 1), row("Class Code", 0x09, 3), row("Cache Line Size", 0x0C, 1), row("Latency Timer",
              0x0D,
              1), row("Header Type", 0x0E, 1), row("BIST", 0x0F, 1), row("Capabilities Pointer", 0x34, 1), row("Interrupt Line", 0x3C, 1),
      row(
          "Interrupt Pin", 0x3D, 1));
  private static final List<ListedRegister> OF_ENDPOINTS = List.of(row("Cardbus CIS Pointer", 0x28, 4), row("Subsystem Vendor ID", 0x2C, 2),
      row("Subsystem ID", 0x2E, 2), row("Expansion ROM Base Address", 0x30, 4), row("Min_Gnt", 0x3E, 1), row("Max_Lat", 0x3F, 1));
  private static final List<ListedRegister> OF_BRIDGES = List.of(bridge("Primary Bus Number", 0x18, 1), bridge("Secondary Bus Number", 0x19,
      1), bridge("Subordinate Bus Number", 0x1A, 1), bridge("Secondary Latency Timer", 0x1B, 1), bridge("I/O Base", 0x1C, 1), bridge(
          "I/O Limit", 0x1D, 1), bridge("Secondary Status", 0x1E, 2), bridge("Memory Base", 0x20, 2), bridge("Memory Limit", 0x22, 2),
      bridge(
          "Prefetchable Memory Base", 0x24, 2), bridge("Prefetchable Memory Limit", 0x26, 2), bridge("Prefetchable Base Upper 32 Bits",
              0x28, 4), bridge("Prefetchable Limit Upper 32 Bits", 0x2C, 4), bridge("I/O Base Upper 16 Bits", 0x30, 2), bridge(
                  "I/O Limit Upper 16 Bits", 0x32, 2), bridge("Expansion ROM Base Address", 0x38, 4), bridge("Bridge Control", 0x3E, 2));

  private ConfigRegisters() {}

  private static ListedRegister row(String name, int offset, int bytes) {
    return ListedRegister.of(name, offset, bytes, HEADER).saidBy(ConfigRegisters.class);
  }

  private static ListedRegister bridge(String name, int offset, int bytes) {
    return ListedRegister.of(name, offset, bytes, BRIDGE).saidBy(ConfigRegisters.class);
  }

  /** Those of a header of type 0, or of type 1. */
  static List<ListedRegister> header(boolean bridge) {
    List<ListedRegister> all = new ArrayList<>(BOTH);
    all.addAll(ListedRegister.saidBy(ConfigRegisters.class, ListedRegister.run("BAR", ConfigTable.BAR0, Integer.BYTES, bridge ? 2 : 6,
        HEADER)));
    all.addAll(bridge ? OF_BRIDGES : OF_ENDPOINTS);
    return all;
  }

  /** Double words of a capability. */
  static List<ListedRegister> capability(Capability capability, int offset) {
    String name = (capability.extended() ? "Extended Capability 0x" : "Capability 0x") + Integer.toHexString(capability.id()) + ", word ";
    List<ListedRegister> all = new ArrayList<>();
    for (int at = 0; at < capability.length(); at += Integer.BYTES) {
      all.add(row(name + at / Integer.BYTES, offset + at, Math.min(Integer.BYTES, capability.length() - at)));
    }
    return all;
  }
}
