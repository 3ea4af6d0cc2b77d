// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;

/**
 * ACPI tables that whoever loaded the firmware has left in memory, with the RSDP first: a node below {@code /chosen} says where (Xen,
 * docs/misc/arm/device-tree/acpi.txt). With them an operating system is given them and no description of hardware besides.
 *
 * @param places where they are: the RSDP at the beginning of the first
 */
record HandedTables(List<TreeMemory.Piece> places) {
  static final String COMPATIBLE = "xen,guest-acpi";
  /** Room that Xen gives them (its public header arch-arm.h, GUEST_ACPI_SIZE). */
  private static final long MOST = 32 << 20;
  private static final byte[] SIGNATURE = "RSD PTR ".getBytes(StandardCharsets.US_ASCII);
  private static final int REVISION_AT = 15;
  private static final int XSDT_AT = 24;
  /** Bytes of an RSDP, and those that the first version has. */
  private static final int RSDP = 36;
  private static final int FIRST = 20;
  private static final EfiGuid ACPI_TABLE = EfiGuid.of(EfiSystemTable.ACPI);
  private static final String HYPERVISOR = "xen,xen";

  /** Those that a tree names; empty if it names none, or what isn't, of which is told. */
  static Optional<HandedTables> of(Fdt tree, EfiRam memory, Consumer<String> report) {
    try {
      return of(tree, memory);
    } catch (EfiError | FdtException e) {
      report.accept("ACPI tables: " + e.getMessage() + "; the device tree is handed on");
      return Optional.empty();
    }
  }

  private static Optional<HandedTables> of(Fdt tree, EfiRam memory) {
    FdtNode chosen = tree.node("/chosen").orElse(null);
    FdtNode module = chosen == null ? null
        : chosen.children().stream().filter(node -> node.property("compatible").filter(FdtProperty::looksLikeStrings).map(
            FdtProperty::strings).map(all -> all.contains(COMPATIBLE)).orElse(false)).findFirst().orElse(null);
    if (module == null) {
      return Optional.empty();
    }
    List<TreeMemory.Piece> places = TreeMemory.reg(chosen, module);
    if (places.isEmpty()) {
      throw bad(module.name(), "reg makes no sense");
    }
    TreeMemory.Piece place = places.getFirst();
    for (TreeMemory.Piece each : places) {
      if (each.size() < (each == place ? RSDP : 0) || each.size() > MOST || each.base() < 0 || each.base() > Long.MAX_VALUE - MOST) {
        throw bad(module.name(), "0x" + Long.toHexString(each.size()) + " bytes at 0x" + Long.toHexString(each.base()));
      }
    }
    byte[] rsdp = memory.read(place.base(), RSDP);
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (rsdp[i] != SIGNATURE[i]) {
        throw bad(module.name(), "no RSDP at 0x" + Long.toHexString(place.base()));
      }
    }
    long xsdt = memory.get64(place.base() + XSDT_AT);
    if (rsdp[REVISION_AT] < 2 || sum(rsdp, FIRST) != 0 || sum(rsdp, RSDP) != 0 || places.stream().noneMatch(each -> xsdt >= each
        .base() && xsdt - each.base() < each.size())) {
      throw bad(module.name(), "the RSDP at 0x" + Long.toHexString(place.base())
          + " is of ACPI 1.0, has a wrong checksum, or names an XSDT that isn't there");
    }
    return Optional.of(new HandedTables(places));
  }

  private static EfiError bad(String module, String what) {
    return new EfiError(EfiStatus.INVALID_PARAMETER, "/chosen/" + module + ": " + what);
  }

  private static int sum(byte[] bytes, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += bytes[i];
    }
    return sum & 0xFF;
  }

  /**
   * Has an operating system find them among configuration tables (UEFI 2.10, 4.6). A guest of a hypervisor is told of that by a tree, as no table
   * says it so that Linux believes it (Linux, arch/arm/xen/enlighten.c): with nothing else in it the tables are taken
   * (arch/arm64/kernel/acpi.c, dt_is_stub).
   */
  void handOn(BootFirmware firmware) {
    firmware.tables().configuration(ACPI_TABLE, places.getFirst().base());
    firmware.tree().node("/hypervisor").flatMap(node -> node.property("compatible")).filter(compatible -> compatible.looksLikeStrings()
        && compatible.strings().contains(HYPERVISOR)).ifPresent(compatible -> {
          byte[] rest = stub(compatible);
          long at = firmware.pageMap().allocate(EfiMemoryType.ACPI_RECLAIM.number(), (rest.length + PageMap.PAGE - 1) / PageMap.PAGE, -1);
          firmware.memory().write(at, rest);
          firmware.tables().configuration(BootFirmware.DEVICE_TREE_TABLE, at);
        });
  }

  private static byte[] stub(FdtProperty compatible) {
    FdtNode hypervisor = new FdtNode("hypervisor", List.of(compatible), List.of());
    return FdtWriter.write(Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 1)),
        List.of(hypervisor))));
  }
}
