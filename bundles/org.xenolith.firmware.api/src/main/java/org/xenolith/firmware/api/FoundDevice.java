// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import java.util.List;
import java.util.Map;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.platform.api.AddressWindow;

/**
 * A device that tables describe.
 *
 * @param path       in the namespace, from the root; the table's signature where only a table has it
 * @param id         hardware id by which it was found
 * @param windows    memory in {@code _CRS}
 * @param interrupts in {@code _CRS}
 * @param properties device properties ({@code _DSD}) by their names
 * @param coherent   {@code _CCA}: whether what it reads and writes is coherent with caches
 */
public record FoundDevice(String path, String id, List<AddressWindow> windows, List<AcpiInterrupt> interrupts,
    Map<String, AmlTerm> properties, boolean coherent) {
  /** Copies the collections. */
  public FoundDevice {
    windows = List.copyOf(windows);
    interrupts = List.copyOf(interrupts);
    properties = Map.copyOf(properties);
  }

  /** A property that is a number; {@code otherwise} if there is none. */
  public long number(String name, long otherwise) {
    return properties.get(name) instanceof AmlTerm.Number number ? number.value() : otherwise;
  }
}
