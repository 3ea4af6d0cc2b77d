// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.SmbiosMachine;
import org.xenolith.firmware.kit.SmbiosTable;

/** SMBIOS tables of what the device tree says, among the configuration tables (UEFI 2.10, 4.6; DMTF DSP0134, 5.2.2). */
final class SmbiosTables {
  static final EfiGuid TABLE = EfiGuid.of("f2fd1544-9794-4a2c-992e-e5bbcf20e394");
  /** The release that the firmware is of, and when that was. */
  private static final String VERSION = "0.1.0";
  private static final String DATE = "11/21/2026";
  private static final FdtProperty CPU = FdtProperty.ofStrings("device_type", "cpu");
  private static final int ALIGNMENT = 16;

  private SmbiosTables() {}

  /** Makes them, in memory that operating systems keep. */
  static void handOn(BootFirmware firmware) {
    byte[] structures = machine(firmware.tree(), firmware.program().machine()).addTo(new SmbiosTable(), VERSION, DATE).structures();
    int length = ALIGNMENT * 2 + structures.length;
    long at = firmware.pageMap().allocate(EfiMemoryType.ACPI_RECLAIM.number(), (length + PageMap.PAGE - 1) / PageMap.PAGE, -1);
    long behind = at + ALIGNMENT * 2;
    firmware.memory().write(at, SmbiosTable.entryPoint(structures.length, behind));
    firmware.memory().write(behind, structures);
    firmware.tables().configuration(TABLE, at);
  }

  private static SmbiosMachine machine(Fdt tree, PeMachine processor) {
    String model = text(tree.root(), "model", text(tree.root(), "compatible", "machine"));
    List<FdtNode> cpus = tree.node("/cpus").map(FdtNode::children).orElse(List.of());
    return new SmbiosMachine(model, (int) cpus.stream().filter(cpu -> cpu.property("device_type").filter(CPU::equals).isPresent()).count(),
        processor == PeMachine.AARCH64 ? SmbiosMachine.ARMV8 : SmbiosMachine.UNKNOWN_FAMILY, TreeMemory.ram(tree).stream().map(
            piece -> new SmbiosMachine.Bank(piece.base(), piece.size())).toList());
  }

  /** The first string of a property, as a guest may have written it. */
  private static String text(FdtNode node, String name, String otherwise) {
    return node.property(name).filter(FdtProperty::looksLikeStrings).map(property -> property.strings().getFirst()).orElse(otherwise);
  }
}
