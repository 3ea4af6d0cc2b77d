// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** A machine whose tables are made: what all builders must see the same way. It is asked while tables are made only. */
@ProviderType
public interface AcpiMachine {
  /** The topology. */
  Platform platform();

  /** The processors that are enabled, in the order of their UIDs. */
  List<AcpiProcessor> processors();

  /** The devices that some {@link AcpiDeviceKind} describes, in the topology's order. */
  List<AcpiDevice> devices();

  /** The PCI host bridges that some {@link AcpiBridgeKind} knows, in the topology's order. */
  List<AcpiBridge> bridges();

  /** The path in the namespace of what describes a node: a processor, a device or a bridge. */
  Optional<String> namespacePath(String node);

  /** An interrupt of a GIC or an I/O APIC; empty: another controller's, which ACPI has no number for. */
  Optional<AcpiInterrupt> interrupt(InterruptSpecifier specifier);

  /** The interrupts of a node up to the first that ACPI has no number for, which is told of. */
  List<AcpiInterrupt> interrupts(PlatformNode node);

  /**
   * Whether operating systems take the pin of a PCI function for active low that {@code _PRT} leads to an interrupt without a link device; level-sensitive it is
   * in any case (ACPI 6.5, 6.2.13). So it is on PCs; on Arm it is active high.
   */
  boolean pinsAreActiveLow();

  /** Who made the tables. */
  TableIdentity identity();

  /** How PSCI is called. */
  PsciConduit psciConduit();

  /** Notes that a table says what a node is. */
  void told(PlatformNode node);

  /**
   * Notes what ACPI, or a builder, can't say of a node; the node counts as one that was dealt with.
   *
   * @param what   isn't said, and why
   * @param remedy what the user can do, or what comes in its place
   */
  void untold(PlatformNode node, String what, String remedy);
}
