// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.PciIoContract;

/**
 * A function at 5:02:03.6 with BARs of memory, of I/O and of 64 bits, behind the kit's root bridge, whose windows are elsewhere for the CPU. Its
 * registers are where the driver has placed them.
 */
final class FunctionBehindAHost implements PciIoContract.Function {
  private static final long CONFIGURATION = 0x3000_0000L;
  private static final long CPU_MEMORY = 0xE1_0000_0000L;
  private static final long BUS_MEMORY = 0x8000_0000L;
  private static final long CPU_PORTS = 0xE0_1000_0000L;
  private static final int WINDOW = 0x10_0000;
  private static final int PORTS = 0x1_0000;
  private static final int FIRST_BUS = 2;
  private static final int BAR_0 = 0x10;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pcie@0", List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "test,host")).withProperty(FdtProperty.ofU64("reg", CONFIGURATION, 1L << 20))
          .withProperty(FdtProperty.ofCells("bus-range", FIRST_BUS, FIRST_BUS)).withProperty(FdtProperty.ofCells("linux,pci-domain", 5))
          .withProperty(FdtProperty.ofCells("ranges", 0x0200_0000, 0, (int) BUS_MEMORY, 0xE1, 0, 0, WINDOW, 0x0100_0000, 0, 0, 0xE0,
              0x1000_0000, 0, PORTS)))));
  private final FakeRoot.Function first = new FakeRoot.Function(0x1111_1AF4, 0x01_0000, 0x80).bar(0, 0x1000, 0).bar(1, 0x40, 1);
  private final FakeRoot.Function function = new FakeRoot.Function(0x2222_1AF4, 0x01_0000, 0).bar(0, 0x400, 0).bar(1, 0x100, 1).bar(2,
      0x4000, 12);
  private final byte[] memory = new byte[0x400];
  private final byte[] ports = new byte[0x100];
  private final long protocol;
  private long accesses;
  private long misaligned;

  FunctionBehindAHost() {
    firmware.registers(this::access);
    HostLayer host = new HostLayer();
    PciBusLayer layer = new PciBusLayer();
    host.begin(firmware);
    layer.begin(firmware);
    assertEquals(0, firmware.connect(host, firmware.handles().handles(HostLayer.HOST).getFirst()));
    assertEquals(0, firmware.connect(layer, firmware.handles().handles(Protocol.PCI_ROOT_BRIDGE_IO).getFirst()));
    protocol = firmware.handles().find(firmware.handles().handles(Protocol.PCI_IO).get(1), Protocol.PCI_IO);
  }

  private long access(EfiAccess access) {
    accesses++;
    misaligned += access.address() % access.size() == 0 ? 0 : 1;
    long configuration = access.address() - CONFIGURATION;
    if (configuration >= 0 && configuration < 1 << 20) {
      return configuration(configuration, access);
    }
    long at = access.address() - CPU_MEMORY + BUS_MEMORY - (function.get(BAR_0, 4) & ~15L);
    long port = access.address() - CPU_PORTS - (function.get(BAR_0 + 4, 4) & ~3L);
    return at >= 0 && at <= memory.length - access.size() ? bytes(memory, (int) at, access) : port >= 0 && port <= ports.length - access
        .size() ? bytes(ports, (int) port, access) : -1;
  }

  private long configuration(long at, EfiAccess access) {
    FakeRoot.Function found = at >>> 12 == (3 << 3 | 6) ? function : at >>> 12 == 3 << 3 ? first : null;
    int register = (int) at & 0xFFF;
    if (found != null && access.kind() == EfiAccess.Kind.WRITE) {
      found.write(register, access.size(), access.value());
    }
    return found == null ? -1L >>> 64 - 8 * access.size() : found.get(register, access.size());
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
  public int memoryBar() {
    return 0;
  }

  @Override
  public byte[] memory() {
    return memory;
  }

  @Override
  public int portBar() {
    return 1;
  }

  @Override
  public byte[] ports() {
    return ports;
  }

  /** The upper half of BAR 2, and the last two. */
  @Override
  public int[] noBars() {
    return new int[] {3, 4, 5};
  }

  @Override
  public byte[] configuration() {
    return function.bytes;
  }

  @Override
  public long[] location() {
    return new long[] {5, FIRST_BUS, 3, 6};
  }

  @Override
  public long accesses() {
    return accesses;
  }

  @Override
  public long misaligned() {
    return misaligned;
  }
}
