// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * What a function says it is (PCI Local Bus 3.0, 6.2.1).
 *
 * @param vendor          vendor id
 * @param device          device id
 * @param subsystemVendor of an endpoint; 0 for bridges
 * @param subsystem       of an endpoint; 0 for bridges
 * @param classCode       base class, subclass and interface, 24 bits
 * @param revision        revision id
 */
public record PciIds(int vendor, int device, int subsystemVendor, int subsystem, int classCode, int revision) {
  /** For example {@code 1b36:0010 class 010802}. */
  @Override
  public String toString() {
    return "%04x:%04x class %06x".formatted(vendor, device, classCode);
  }
}
