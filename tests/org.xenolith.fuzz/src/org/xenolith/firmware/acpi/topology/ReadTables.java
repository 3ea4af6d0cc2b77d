// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.OptionalLong;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.TopologyFormat.Imported;
import org.xenolith.platform.api.TopologyFormat.Memory;

/** Makes topologies of tables without OSGi and without files. */
public final class ReadTables {
  private ReadTables() {}

  /** The tree of tables, with 64 MiB of RAM. */
  public static Imported tree(TableSet tables, AcpiParts parts) {
    return TablesToTree.of(tables, parts, new Memory(OptionalLong.empty(), 64 << 20));
  }
}
