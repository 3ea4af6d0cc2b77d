// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.List;
import java.util.Objects;

/**
 * What firmware tells of itself in its system table (UEFI 2.10, 4.3), for who hands it on without handing the table on.
 *
 * @param revision           of the specification, as the system table's header says: {@code major << 16 | minor} times ten
 * @param runtimeRevision    the same, as the header of the table of runtime services says; 0: there are none
 * @param vendor             FirmwareVendor, without its NUL
 * @param vendorRevision     FirmwareRevision, in the vendor's way
 * @param tables             physical address of the array of configuration tables
 * @param tableCount         how many there are
 * @param memory             the memory map as it is after ExitBootServices, ascending; none overlaps
 */
public record FirmwareDescription(int revision, int runtimeRevision, String vendor, int vendorRevision, long tables, int tableCount,
    List<FirmwareMemory> memory) {
  /** Copies the list. */
  public FirmwareDescription {
    Objects.requireNonNull(vendor);
    memory = List.copyOf(memory);
  }
}
