// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.acpi.codec.AcpiTable;

/**
 * Makes one table of a machine: a service. It keeps nothing from one machine to the next, so that it can be replaced at any time. Of
 * several with one signature, for machines of different architectures for instance, that of the highest ranking makes the table of those that have one for the
 * machine; only SSDTs are all taken.
 */
@ConsumerType
public interface AcpiTableBuilder {
  /** The table's signature, as {@link AcpiTable#signature()} has it. */
  String signature();

  /**
   * The table; empty if such a machine has none. What the machine has and the table can't say goes to {@link AcpiMachine#untold}; the
   * nodes that it does say something of, to {@link AcpiMachine#told}.
   *
   * @throws org.xenolith.platform.api.PlatformException if the topology is malformed where the table needs it
   */
  Optional<AcpiTable> build(AcpiMachine machine);
}
