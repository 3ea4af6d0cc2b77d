// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import org.xenolith.acpi.codec.TableSet;

/**
 * The tables of a topology, without RSDP, XSDT and FACS and without addresses: where tables stand is for who puts them into memory.
 *
 * @param tables FADT first, the others in the order of their signatures
 * @param untold what the topology has and the tables don't say, in the topology's order
 */
public record AcpiDescription(TableSet tables, List<Untold> untold) {
  /** Copies the list. */
  public AcpiDescription {
    untold = List.copyOf(untold);
  }
}
