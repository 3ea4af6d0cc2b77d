// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.platform.api.Platform;

/** Describes topologies by ACPI, with the tables and kinds of devices that are installed when it is asked; a service. */
@ProviderType
public interface AcpiDescriber {
  /** Who signs the tables of a board's own firmware. */
  TableIdentity BOARD = new TableIdentity("XENOLI", "XENOLITH", 1, "XENO", 1);

  /**
   * The tables of a topology. The same topology and the same installed bundles give the same tables.
   *
   * @param identity  who makes them
   * @param mailboxes physical address of the first mailbox of the parking protocol, 4096 bytes for each processor; empty: there are none
   * @throws org.xenolith.platform.api.PlatformException if the topology is malformed where a table needs it
   */
  AcpiDescription describe(Platform platform, TableIdentity identity, OptionalLong mailboxes);
}
