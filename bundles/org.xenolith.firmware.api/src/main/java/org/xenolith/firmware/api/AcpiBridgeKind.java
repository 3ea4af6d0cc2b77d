// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.api.PlatformNode;

/**
 * How PCI host bridges of a kind reach configuration space, and what operating systems must know of that: a service of the bundle that
 * models them, found by its property {@link AcpiDeviceKind#COMPATIBLE}. What all host bridges have (buses, windows, interrupts) isn't
 * asked for.
 */
@ConsumerType
public interface AcpiBridgeKind {
  /**
   * Where MCFG says that configuration space is.
   *
   * @return empty if it can't be said; the reason went to {@link AcpiMachine#untold}
   */
  Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node);

  /**
   * Who must have made MCFG, so that an operating system knows the way around this kind's defects.
   *
   * @param board who made the board's other tables
   * @return empty: anybody
   */
  default Optional<TableIdentity> identity(TableIdentity board) {
    return Optional.empty();
  }

  /** Resource descriptors that stand in the bridge's {@code _CRS} before all others: its registers, if a driver looks for them there. */
  default List<StructureBuilder> registers(AcpiMachine machine, PlatformNode node) {
    return List.of();
  }

  /** Objects in the bridge's device besides those that all have. */
  default List<? extends AmlTerm> objects(AcpiMachine machine, PlatformNode node) {
    return List.of();
  }

  /**
   * The node that a bridge is in a topology: {@code compatible}, {@code reg} and what else only this kind has. Buses, windows, interrupts,
   * segment and requesters are added to it. Bridges whose MCFG is made by {@link #identity} are offered to kinds that name it, all others
   * to those that name nobody.
   *
   * @return empty: it is none of this kind
   */
  default Optional<FdtNode> node(FoundMachine machine, FoundBridge bridge) {
    return Optional.empty();
  }

  /**
   * An entry of MCFG.
   *
   * @param base     of the configuration space of bus 0, whether that is the bridge's or not, 1 MiB for each bus
   * @param firstBus behind the bridge
   * @param lastBus  behind the bridge
   */
  record Configuration(long base, int firstBus, int lastBus) {
    /** Buses of one segment, in order. */
    public Configuration {
      if (firstBus < 0 || lastBus < firstBus || lastBus > 255) {
        throw new IllegalArgumentException("buses " + firstBus + " to " + lastBus + ": expected two of 0 to 255, in order");
      }
    }
  }
}
