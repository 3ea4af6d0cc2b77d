// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.OptionalLong;
import org.xenolith.platform.api.PlatformNode;

/**
 * A processor.
 *
 * @param node    what it is
 * @param uid     ACPI Processor UID: its place among the CPUs, from 0
 * @param path    in the namespace, from the root: {@code \_SB.C000}
 * @param mpidr   affinity fields of MPIDR_EL1, the others zero; of another architecture, what its node has as {@code reg}
 * @param mailbox physical address of the page where it waits by the parking protocol (Multi-processor Startup for Arm Platforms 1.2);
 *                empty: it isn't started so
 */
public record AcpiProcessor(PlatformNode node, int uid, String path, long mpidr, OptionalLong mailbox) {
  /** Affinity fields only: bits 39:32 and 23:0 (Arm ARM, MPIDR_EL1). */
  public AcpiProcessor {
    if ((mpidr & ~0xFF_00FF_FFFFL) != 0) {
      throw new IllegalArgumentException("mpidr 0x" + Long.toHexString(mpidr) + ": expected Aff3 to Aff0 only, in 0xff00ffffff");
    }
  }
}
