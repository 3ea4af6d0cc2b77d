// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * ACPI tables that are put into RAM for the firmware, and the node that tells it where (Xen, docs/misc/arm/device-tree/acpi.txt).
 *
 * @param set      without RSDP and XSDT
 * @param identity of those
 */
record BoardTables(TableSet set, TableIdentity identity) {
  /** Bytes from the RSDP to the last table's end. */
  int length() {
    return LinkedTables.of(set.tables(), identity, 0).length();
  }

  /** What memory has from there on, the RSDP first. */
  byte[] at(long base) {
    return LinkedTables.of(set.tables(), identity, base).bytes();
  }

  /** The node below {@code /chosen}, which has two cells for each number. */
  FdtNode node(long base) {
    return new FdtNode("module@" + Long.toHexString(base), List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        HandedTables.COMPATIBLE, "multiboot,module")).withProperty(FdtProperty.ofU64("reg", base, length()));
  }
}
