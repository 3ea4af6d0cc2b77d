// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.Platform;

/**
 * The tables of a machine, by whoever makes some. Without RSDP, XSDT and FACS, and without addresses: where tables stand is for who
 * puts them into memory.
 *
 * @param set    FADT first, the others in the order of their signatures
 * @param untold what the topology has and the tables don't say, in the topology's order
 */
public record AcpiTables(TableSet set, List<Untold> untold) {
  private static final String FIRST = "FACP";
  private static final String MANY = "SSDT";

  /** Copies the list. */
  public AcpiTables {
    untold = List.copyOf(untold);
  }

  /**
   * Makes them. The same topology and the same parts in any order give the same tables.
   *
   * @throws org.xenolith.platform.api.PlatformException if the topology is malformed where a table needs it
   */
  public static AcpiTables of(Platform platform, AcpiParts parts, AcpiSetting setting) {
    DescribedMachine machine = new DescribedMachine(platform, parts, setting);
    List<AcpiTableBuilder> ordered = new ArrayList<>(parts.builders());
    // The sort is stable: those of one signature stay in the order of their ranking.
    ordered.sort(AcpiTables::compare);
    List<AcpiTable> tables = new ArrayList<>();
    Set<String> made = new HashSet<>();
    for (AcpiTableBuilder builder : ordered) {
      if (!made.contains(builder.signature())) {
        AcpiTable table = builder.build(machine).orElse(null);
        if (table != null) {
          tables.add(table);
          if (!builder.signature().equals(MANY)) {
            made.add(builder.signature());
          }
        }
      }
    }
    return new AcpiTables(new TableSet(tables), machine.untold());
  }

  private static int compare(AcpiTableBuilder one, AcpiTableBuilder other) {
    int first = Boolean.compare(other.signature().equals(FIRST), one.signature().equals(FIRST));
    int signature = first != 0 ? first : one.signature().compareTo(other.signature());
    return signature != 0 || !one.signature().equals(MANY) ? signature : one.getClass().getName().compareTo(other.getClass().getName());
  }
}
