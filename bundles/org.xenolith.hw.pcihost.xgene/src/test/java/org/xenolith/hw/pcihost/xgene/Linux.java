// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.testkit.FakeContext;

/** What Linux's driver does to a port, in its order (drivers/pci/controller/pci-xgene.c, for facts). */
final class Linux {
  static final int CTLANDSTATUS = 0x50;
  static final int RTDID = 0x160;
  static final int IDS = 0x2000;
  private static final int CFGBARL = 0x154;
  private static final int MASK_1 = 0x2010;
  private static final int STATUS = 0x2600;
  private static final int TYPE_1 = 0x1_0000;
  private static final int CFG = 1;

  private FakeContext context;

  Linux(Mustang board) {
    this(board.port);
  }

  Linux(FakeContext port) {
    context = port;
  }

  /** Another model has taken over. */
  void use(FakeContext next) {
    context = next;
  }

  /** The whole way, with Mustang's {@code dma-ranges}. */
  Linux bringUp() {
    context.port(Mustang.CLOCK, ClockGatePort.class).drive(true);
    clear();
    csr(IDS, 0xE004_10E8L);
    outbound(0x130, Mustang.IO, 0x1_0000, 2, 0);
    outbound(0x100, Mustang.MEMORY, 0x8000_0000L, 0, 0x8000_0000L);
    outbound(0x118, Mustang.PREFETCHABLE, 0x10_0000_0000L, 0, Mustang.PREFETCHABLE);
    openConfig();
    inbound1(0x80_0000_0000L, 0x8000_0000L);
    inbound3(0, 0x80_0000_0000L);
    return this;
  }

  Linux clear() {
    for (int offset = 0x80; offset <= 0x15C; offset += 4) {
      csr(offset, 0);
    }
    return this;
  }

  Linux openConfig() {
    pair(CFGBARL, Mustang.CONFIG);
    csr(CFGBARL + 8, 1);
    return this;
  }

  void outbound(int first, long cpu, long size, int flags, long bus) {
    pair(first, cpu);
    pair(first + 8, -size | flags | 1);
    pair(first + 16, bus);
  }

  /** Region 1 takes its address from the root port's BARs and its mask from three registers, shifted by 16 bits. */
  void inbound1(long base, long size) {
    long mask = -size & ~0xFL | 0xC;
    merge(MASK_1, 0xFFFF, mask << 16);
    merge(MASK_1 + 4, 0xFFFF_0000L, mask >>> 16 & 0xFFFF);
    merge(MASK_1 + 4, 0xFFFF, mask >>> 32 << 16);
    merge(MASK_1 + 8, 0xFFFF_0000L, mask >>> 48);
    context.write(CFG, 0x10, 4, base & 0xFFFF_FFFFL | 0xC);
    context.write(CFG, 0x14, 4, base >>> 32);
    lead(0x80, base, size);
  }

  void inbound2(long base, long size) {
    csr(0x98, base | 4);
    csr(0x9C, -size & 0xFFFF_FFFFL | 1);
    lead(0xA0, base, size);
  }

  void inbound3(long base, long size) {
    pair(0xB4, base | 0xC);
    pair(0xBC, -size | 1);
    lead(0xC4, base, size);
  }

  private void lead(int first, long base, long size) {
    csr(first, base & 0xFFFF_FFFFL);
    csr(first + 4, base >>> 32 | 0xF000_0000L);
    pair(first + 16, -size);
  }

  private void merge(int offset, long kept, long bits) {
    csr(offset, csr(offset) & kept | bits & 0xFFFF_FFFFL);
  }

  private void pair(int offset, long value) {
    csr(offset, value & 0xFFFF_FFFFL);
    csr(offset + 4, value >>> 32);
  }

  long csr(int offset) {
    return context.readAt(Mustang.REGISTERS + offset, 4);
  }

  void csr(int offset, long value) {
    context.writeAt(Mustang.REGISTERS + offset, 4, value & 0xFFFF_FFFFL);
  }

  /** The line that the driver prints. */
  String link() {
    long status = csr(CTLANDSTATUS);
    return (status & 0x100) == 0 ? "(rc) link down"
        : "(rc) x" + (csr(STATUS) >>> 26) + " gen-" + ((status >>> 14 & 3) + 1) + " link up";
  }

  private long target(int bus, int device) {
    return aim(bus, device << 3);
  }

  /** Names the function that the next cycles are for. @return where they are made in the configuration window */
  long aim(int bus, int devfn) {
    csr(RTDID, bus == 0 ? 0 : bus << 8 | devfn);
    csr(RTDID);
    return bus == 0 ? 0 : TYPE_1;
  }

  /** A word of function 0 of a device's configuration space. */
  long config(int bus, int device, int register) {
    return context.read(CFG, target(bus, device) | register, 4);
  }

  void config(int bus, int device, int register, long value) {
    context.write(CFG, target(bus, device) | register, 4, value & 0xFFFF_FFFFL);
  }

  /** A read without the driver, of any size. */
  long raw(long offset, int size) {
    return context.read(CFG, offset, size);
  }

  /** A write without the driver. */
  void raw(long offset, long value, int size) {
    context.write(CFG, offset, size, value);
  }

  /** What the PCI core does next: bus numbers, windows of the bridge, the card's BARs at the start of both, all of it on. */
  Linux enumerate() {
    config(0, 0, 0x18, 0x00_FF_01_00);
    config(0, 0, 0x1C, 0x0000_0101);
    config(0, 0, 0x20, 0x8FF0_8000L);
    config(0, 0, 0x04, 0x7);
    config(1, 0, 0x10, 0x8000_0000L);
    config(1, 0, 0x14, 0);
    config(1, 0, 0x18, 0x40);
    config(1, 0, 0x04, 0x7);
    return this;
  }
}
