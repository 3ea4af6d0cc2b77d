// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.OptionalLong;
import org.xenolith.acpi.codec.TableIdentity;

/**
 * What tables say besides the topology.
 *
 * @param identity  who made them
 * @param mailboxes physical address where the mailboxes of the parking protocol begin, {@link #MAILBOX_BYTES} for each processor in the
 *                  order of their UIDs, if the topology doesn't say where ({@link ParkedCpu}); empty: there are no others
 */
public record AcpiSetting(TableIdentity identity, OptionalLong mailboxes) {
  /** Bytes of a mailbox (Multi-processor Startup for Arm Platforms 1.2, 4.1). */
  public static final int MAILBOX_BYTES = 4096;

  /** Without mailboxes. */
  public static AcpiSetting of(TableIdentity identity) {
    return new AcpiSetting(identity, OptionalLong.empty());
  }
}
