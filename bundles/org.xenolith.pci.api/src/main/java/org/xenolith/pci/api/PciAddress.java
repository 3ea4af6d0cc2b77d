// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * Where a function is.
 *
 * @param segment  0 to 0xFFFF; its host bridge's
 * @param bus      0 to 0xFF, as software has numbered it
 * @param device   0 to 31
 * @param function 0 to 7
 */
public record PciAddress(int segment, int bus, int device, int function) {
  /** @throws IllegalArgumentException if a part isn't in its range */
  public PciAddress {
    if (segment < 0 || segment > 0xFFFF || bus < 0 || bus > 0xFF || device < 0 || device > 31 || function < 0 || function > 7) {
      throw new IllegalArgumentException(
          "PCI address: expected segment 0 to 0xffff, bus 0 to 0xff, device 0 to 31 and function 0 to 7, got "
              + segment + ", " + bus + ", " + device + " and " + function);
    }
  }

  /** The function with a routing id. @param rid bus 15:8, device 7:3, function 2:0 */
  public static PciAddress of(int segment, int rid) {
    return new PciAddress(segment, rid >>> 8 & 0xFF, rid >>> 3 & 0x1F, rid & 7);
  }

  /** Its routing id: bus 15:8, device 7:3, function 2:0. */
  public int rid() {
    return bus << 8 | device << 3 | function;
  }

  /** Without its segment, for example {@code 01:00.0}. */
  public String onBus() {
    return "%02x:%02x.%d".formatted(bus, device, function);
  }

  /** As {@code lspci -D} writes it, for example {@code 0000:01:00.0}. */
  @Override
  public String toString() {
    return "%04x:".formatted(segment) + onBus();
  }
}
