// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.FdtProperty;

/** A PCI host of the device tree: a window of memory and one of ports, which the CPU sees elsewhere, and a function at 1:0.0. */
public final class TreePciHost implements PciRootBridgeIoContract.Host {
  /** Where the CPU sees the window of memory. */
  public static final long CPU_MEMORY = 0xE1_8000_0000L;
  /** Where the CPU sees that of ports. */
  public static final long CPU_PORTS = 0xE0_1000_0000L;
  private static final int SIZE = 0x400;
  private static final long MEMORY = 0x8000_0000L;

  private final FakeFirmware firmware;
  private final byte[] memory = new byte[SIZE];
  private final byte[] ports = new byte[SIZE];
  private final byte[] configuration = new byte[4096];
  private final int widest;
  private long protocol;

  /** A host. @param widest access of configuration space: 2 is 32 bits, 3 is 64 */
  public TreePciHost(FakeFirmware firmware, int widest) {
    this.firmware = firmware;
    this.widest = widest;
  }

  /** The property {@code ranges} of its node. */
  public static FdtProperty ranges() {
    return FdtProperty.ofCells("ranges", 0x0100_0000, 0, 0, 0xE0, 0x1000_0000, 0, SIZE, 0x0200_0000, 0, (int) MEMORY, 0xE1, (int) MEMORY, 0,
        SIZE);
  }

  /** Has a layer publish the protocol. @param mark of the layer's handles */
  public TreePciHost connect(EfiLayer layer, EfiGuid mark) {
    layer.begin(firmware);
    long handle = firmware.handles().handles(mark).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    protocol = firmware.handles().find(handle, Protocol.PCI_ROOT_BRIDGE_IO);
    return this;
  }

  /** An access of a window; of an address in neither, 0. */
  public long window(EfiAccess access) {
    long at = access.address() - CPU_MEMORY;
    return at >= 0 && at <= SIZE - access.size() ? bytes(memory, (int) at, access) : access.address() >= CPU_PORTS && access.address()
        <= CPU_PORTS + SIZE - access.size() ? bytes(ports, (int) (access.address() - CPU_PORTS), access) : 0;
  }

  /** An access of the function's configuration space. */
  public long configuration(int register, EfiAccess access) {
    return bytes(configuration, register, access);
  }

  private static long bytes(byte[] bytes, int at, EfiAccess access) {
    long value = 0;
    for (int i = access.size() - 1; i >= 0; i--) {
      if (access.kind() == EfiAccess.Kind.WRITE) {
        bytes[at + i] = (byte) (access.value() >>> 8 * i);
      }
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }

  @Override
  public FakeFirmware firmware() {
    return firmware;
  }

  @Override
  public long protocol() {
    return protocol;
  }

  @Override
  public byte[] memory() {
    return memory;
  }

  @Override
  public long memoryAt() {
    return MEMORY;
  }

  @Override
  public byte[] ports() {
    return ports;
  }

  @Override
  public long portsAt() {
    return 0;
  }

  @Override
  public byte[] configuration() {
    return configuration;
  }

  @Override
  public long function() {
    return 1 << 24;
  }

  @Override
  public int widest() {
    return widest;
  }
}
