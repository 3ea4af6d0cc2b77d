// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.fdt.FdtWindow;

/** Windows of all devices of a namespace, by {@code _CRS}, and of configuration space, by MCFG. */
final class NamespaceWindows {
  private static final int BUS_SHIFT = 20;

  private NamespaceWindows() {}

  /**
   * Finds them.
   *
   * @param unknown is told of each device whose resources only a method knows
   * @throws org.xenolith.acpi.codec.AcpiException if a table doesn't parse
   */
  static List<FdtWindow> of(TableSet tables, Consumer<String> unknown) {
    List<FdtWindow> windows = new ArrayList<>();
    AmlNamespace namespace = AmlNamespace.of(tables.definitions());
    for (AmlName device : namespace.devices()) {
      namespace.resources(device).ifPresentOrElse(all -> all.forEach(each -> add(windows, each)), () -> {
        if (namespace.find(AmlName.of("_CRS").in(device)).isPresent()) {
          unknown.accept(device + ": a method gives its _CRS: its windows aren't mapped ahead");
        }
      });
    }
    tables.find("MCFG").map(AcpiTable::structure).ifPresent(mcfg -> mcfg.all(Mcfg.ALLOCATION).forEach(each -> {
      long first = each.get(Mcfg.Allocation.START_BUS);
      windows.add(new FdtWindow(each.get(Mcfg.Allocation.BASE_ADDRESS) + (first << BUS_SHIFT),
          each.get(Mcfg.Allocation.END_BUS) - first + 1 << BUS_SHIFT));
    }));
    return windows;
  }

  private static void add(List<FdtWindow> windows, Structure resource) {
    StructureLayout kind = resource.layout();
    if (kind == Resource.FIXED_MEMORY_32) {
      windows.add(new FdtWindow(resource.get(Resource.FixedMemory32.BASE_ADDRESS), resource.get(Resource.FixedMemory32.RANGE_LENGTH)));
    } else if (kind == Resource.QWORD_ADDRESS_SPACE) {
      add(windows, resource, Resource.QwordAddressSpace.RESOURCE_TYPE, Resource.QwordAddressSpace.MINIMUM,
          Resource.QwordAddressSpace.TRANSLATION, Resource.QwordAddressSpace.ADDRESS_LENGTH);
    } else if (kind == Resource.DWORD_ADDRESS_SPACE) {
      add(windows, resource, Resource.DwordAddressSpace.RESOURCE_TYPE, Resource.DwordAddressSpace.MINIMUM,
          Resource.DwordAddressSpace.TRANSLATION, Resource.DwordAddressSpace.ADDRESS_LENGTH);
    }
  }

  /** Memory, and ports that are reached through memory. */
  private static void add(List<FdtWindow> windows, Structure resource, TableField type, TableField minimum, TableField translation,
      TableField length) {
    boolean memory = resource.get(type) == Resource.MEMORY;
    if (resource.get(length) != 0 && (memory || resource.get(type) == Resource.IO && resource.get(translation) != 0)) {
      windows.add(new FdtWindow(resource.get(minimum) + resource.get(translation), resource.get(length)));
    }
  }
}
