// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * A PCI function that the hypervisor knows.
 *
 * @param sbdf       its address, packed as Xen's public headers do: segment in bits 31 to 16, routing id (RID) in 15 to 0
 * @param bridge     the host bridge above it
 * @param owner      {@link Domain#serial} of the domain that has it; 0 if nobody has: it is in quarantine
 * @param guestSbdf  its address as its owner sees it; for the hardware domain the same as {@code sbdf}
 * @param assignable whether it was set aside for other domains
 */
public record PciFunction(int sbdf, HostBridgePort bridge, int owner, int guestSbdf, boolean assignable) {
  /** Its routing id. */
  public int rid() {
    return sbdf & 0xFFFF;
  }

  /** A register of its configuration space, as {@link PciConfiguration#read}. */
  public int read(int register, int size) {
    return bridge.read(rid(), register, size);
  }

  /** Writes a register of its configuration space. */
  public void write(int register, int size, int value) {
    bridge.write(rid(), register, size, value);
  }
}
