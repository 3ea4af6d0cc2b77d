// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** Mustang's first port: which registers are touched to bring it up and for a cycle. */
class XgeneRootLayerTest {
  private static final long CSR = 0x1F2B_0000L;
  private static final long CFG = 0xE0_D000_0000L;
  private static final long CLOCK = 0x1F2B_C000L;
  private static final int READ = 56;
  private static final int WRITE = 64;
  private static final FdtProperty REG = FdtProperty.ofU64("reg", CSR, 0x1_0000, CFG, 0x4_0000);
  private static final FdtProperty NAMES = FdtProperty.ofStrings("reg-names", "csr", "cfg");
  private static final FdtProperty RANGES = FdtProperty.ofCells("ranges", 0x0100_0000, 0, 0, 0xE0, 0x1000_0000, 0, 0x1_0000, 0x0200_0000, 0,
      0x8000_0000, 0xE1, 0x8000_0000, 0, 0x8000_0000, 0x4300_0000, 0xF0, 0, 0xF0, 0, 0x10, 0);
  private static final FdtProperty INBOUND = FdtProperty.ofCells("dma-ranges", 0x4200_0000, 0x80, 0, 0x80, 0, 0, 0x8000_0000, 0x4200_0000,
      0,
      0, 0, 0, 0x80, 0);

  private final XgeneRootLayer layer = new XgeneRootLayer();
  private final List<String> touched = new ArrayList<>();
  private final Map<Long, Long> registers = new TreeMap<>();
  private final List<Long> levels = new ArrayList<>();
  private boolean link = true;

  static FdtNode port(FdtProperty... properties) {
    FdtNode node = new FdtNode("pcie@1f2b0000", List.of(properties), List.of());
    for (FdtProperty usual : List.of(FdtProperty.ofStrings("compatible", "apm,xgene-storm-pcie", "apm,xgene-pcie"), REG, NAMES, RANGES,
        INBOUND, FdtProperty.ofCells("clocks", 10, 0))) {
      node = node.has(usual.name()) ? node : node.withProperty(usual);
    }
    return node;
  }

  private FakeFirmware firmware(FdtNode... ports) {
    FakeFirmware firmware = hardware(ports);
    layer.begin(firmware);
    return firmware;
  }

  FakeFirmware hardware(FdtNode... ports) {
    FdtNode root = new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), List.of(
        new FdtNode("pcie0clk@1f2bc000", List.of(FdtProperty.ofStrings("compatible", "apm,xgene-device-clock"), FdtProperty.ofU64("reg",
            CLOCK, 0x1000), FdtProperty.ofCells("phandle", 10)), List.of())));
    for (FdtNode port : ports) {
      root = root.withChild(port);
    }
    FakeFirmware firmware = new FakeFirmware(Fdt.of(root));
    firmware.registers(this::access);
    firmware.service(BootService.RAISE_TPL, call -> level(call.argument(0)));
    firmware.service(BootService.RESTORE_TPL, call -> level(call.argument(0)));
    return firmware;
  }

  private EfiStep level(long to) {
    levels.add(to);
    return EfiStep.done(4L);
  }

  private long access(EfiAccess access) {
    if (access.kind() == EfiAccess.Kind.WRITE) {
      registers.put(access.address(), access.value());
    }
    boolean configuration = access.address() >= CFG;
    if (configuration || access.address() == CSR + 0x160) {
      touched.add((access.kind() == EfiAccess.Kind.WRITE ? "W" + access.size() + " " + Long.toHexString(access.value()) : "R" + access
          .size())
          + " " + Long.toHexString(access.address() - (configuration ? CFG : CSR)));
    }
    if (access.address() == CSR + 0x50) {
      return link ? 0x8100 : 0;
    }
    return configuration ? 0x8765_4321L : registers.getOrDefault(access.address(), 0L);
  }

  private static long root(FakeFirmware firmware, XgeneRootLayer layer) {
    long handle = firmware.handles().handles(XgeneRootLayer.PORT).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    return firmware.handles().find(handle, Protocol.PCI_ROOT_BRIDGE_IO);
  }

  private EfiStatus cycle(FakeFirmware firmware, long root, int function, int width, long address, long count, long buffer) {
    touched.clear();
    return EfiStatus.of(firmware.call(firmware.memory().get64(root + function), root, width, address, count, buffer));
  }

  @Test
  void aPortIsBroughtUp() {
    registers.put(CLOCK, 0x1FL);
    registers.put(CSR + 0x2010, 0xABCD_1234L);
    registers.put(CSR + 0x2018, 0xABCD_1234L);
    FakeFirmware firmware = firmware(port());
    root(firmware, layer);
    assertEquals(List.of(0xFL, 0x10L), List.of(registers.get(CLOCK + 8), registers.get(CLOCK)), "the clock runs, the port has left reset");
    assertEquals("e1 80000000 ffffffff 80000001 0 80000000", six(0x100), "memory");
    assertEquals("f0 0 fffffff0 1 f0 0", six(0x118), "prefetchable memory");
    assertEquals("e0 10000000 ffffffff ffff0003 0 0", six(0x130), "I/O");
    assertEquals(List.of(0xD000_0000L, 0xE0L, 1L, 0xE004_10E8L), List.of(registers.get(CSR + 0x154), registers.get(CSR + 0x158), registers
        .get(CSR + 0x15C), registers.get(CSR + 0x2000)));
    assertEquals(List.of("W4 0 160", "W4 c 10", "W4 80 14"), touched, "where devices see the first range");
    assertEquals("f0000080 0 ffffffff 80000000", text(0x84, 0x80, 0x94, 0x90));
    // The mask of 2 GiB, 0xffffffff8000000c, over three words
    assertEquals("c1234 ffff8000 abcdffff", text(0x2010, 0x2014, 0x2018));
    assertEquals("c 0 1 ffffff80", text(0xB4, 0xB8, 0xBC, 0xC0), "the second range");
    assertEquals("0 f0000000 0 ffffff80", text(0xC4, 0xC8, 0xD4, 0xD8));
    assertEquals(List.of(), firmware.reports());
  }

  private String six(int first) {
    return text(first + 4, first, first + 12, first + 8, first + 20, first + 16);
  }

  private String text(int... offsets) {
    StringBuilder text = new StringBuilder();
    for (int offset : offsets) {
      text.append(Long.toHexString(registers.get(CSR + offset))).append(' ');
    }
    return text.toString().strip();
  }

  @Test
  void cyclesNameTheirFunctionFirst() {
    FakeFirmware firmware = firmware(port());
    long root = root(firmware, layer);
    EfiRam memory = firmware.memory();
    long room = firmware.room(64);
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_32, 2L << 24 | 3 << 16 | 1 << 8 | 8, 2, room));
    assertEquals(List.of("W4 219 160", "R4 160", "R4 10008", "R4 1000c"), touched);
    assertEquals(0x8765_4321_8765_4321L, memory.get64(room));
    assertEquals(List.of(31L, 4L), levels, "nobody's cycle comes in between");
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_8, 1L << 24 | 0x0D, 3, room));
    assertEquals(List.of("W4 100 160", "R4 160", "R4 1000c", "R4 1000c", "R4 1000c"), touched, "words only");
    assertEquals(0x87_6543L, memory.get32(room) & 0xFF_FFFF);
    memory.put16(room, 0xBEEF);
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, WRITE, PciAccess.WIDTH_16, 1L << 24 | 0x104L << 32, 1, room));
    assertEquals(List.of("W4 100 160", "R4 160", "W2 beef 10104"), touched);
  }

  @Test
  void onTheFirstBusIsTheRootPortAloneWithoutItsDefects() {
    FakeFirmware firmware = firmware(port());
    long root = root(firmware, layer);
    EfiRam memory = firmware.memory();
    long room = firmware.room(64);
    memory.put64(room, -1);
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_32, 0x0C, 3, room));
    assertEquals(List.of("W4 0 160", "R4 160", "R4 c", "R4 160", "R4 160"), touched);
    assertEquals("87654321 0 0", Long.toHexString(memory.get32(room)) + " " + memory.get32(room + 4) + " " + memory.get32(room + 8));
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, WRITE, PciAccess.WIDTH_32, 0x10, 2, room));
    assertEquals(List.of("W4 0 160", "R4 160", "R4 160", "R4 160"), touched, "BARs stay");
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_32, 1 << 16, 1, room));
    assertEquals(0xFFFF_FFFFL, memory.get32(room), "no other device");
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_16, 0x5E, 1, room));
    assertEquals(0x8764, memory.get16(room), "retries aren't visible");
  }

  @Test
  void whatCantBeIsRefused() {
    FakeFirmware firmware = firmware(port());
    long root = root(firmware, layer);
    long room = firmware.room(4096);
    assertEquals(EfiStatus.INVALID_PARAMETER, cycle(firmware, root, READ, PciAccess.WIDTH_64, 0, 1, room));
    assertEquals(EfiStatus.UNSUPPORTED, cycle(firmware, root, READ, PciAccess.WIDTH_32, 2, 1, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, cycle(firmware, root, READ, PciAccess.WIDTH_32 + 4, 0, Long.MAX_VALUE / 8, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, cycle(firmware, root, READ, PciAccess.WIDTH_32, 0, 1, 0x10));
    assertEquals(EfiStatus.INVALID_PARAMETER, cycle(firmware, root, READ, PciAccess.WIDTH_32, 4096L << 32, 1, room));
    assertEquals(List.of(), touched);
    assertEquals(List.of(), levels);
    assertEquals(EfiStatus.SUCCESS, cycle(firmware, root, READ, PciAccess.WIDTH_32, 0, 0, room));
  }

  @Test
  void withoutACardThereIsARootPortAllTheSame() {
    link = false;
    FakeFirmware firmware = firmware(port());
    long before = firmware.counter();
    assertTrue(root(firmware, layer) != 0);
    assertTrue(firmware.counter() - before < firmware.frequency() / 10, "it isn't waited for long");
  }

  @Test
  void portsAreNumberedUnlessTheTreeDoesIt() {
    FdtNode second = port(FdtProperty.ofU64("reg", CSR + 0x1_0000, 0x1_0000, CFG + 0x10_0000, 0x4_0000));
    FdtNode third = port(FdtProperty.ofCells("linux,pci-domain", 7), FdtProperty.ofU64("reg", CSR + 0x2_0000, 0x1_0000, CFG + 0x20_0000,
        0x4_0000));
    FakeFirmware firmware = firmware(port(), new FdtNode("pcie@1f2c0000", second.properties(), List.of()), new FdtNode("pcie@1f2d0000",
        third
            .properties(), List.of()));
    assertEquals(List.of("PciRoot(0x0)", "PciRoot(0x1)", "PciRoot(0x7)"), firmware.handles().handles(XgeneRootLayer.PORT).stream().map(
        handle -> DevicePathText.of(DevicePath.read(firmware.memory(), firmware.handles().find(handle, Protocol.DEVICE_PATH)))).toList());
  }

  /** Nodes that nobody meant. */
  @Test
  void treesThatMakeNoSenseAreRefusedOrReported() {
    for (FdtNode node : List.of(port(new FdtProperty("reg", new byte[5])), port(FdtProperty.ofFlag("reg")))) {
      assertEquals(List.of(), firmware(node).handles().handles(XgeneRootLayer.PORT), node::toString);
    }
    for (FdtNode node : List.of(port(FdtProperty.ofStrings("reg-names", "csr")), port(FdtProperty.ofU64("reg", CSR, 0x1_0000)), port(
        new FdtProperty("reg-names", new byte[] {1, 2, 3})))) {
      FakeFirmware firmware = firmware(node);
      assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, firmware.handles().handles(XgeneRootLayer.PORT).getFirst())),
          node::toString);
    }
    for (FdtNode node : List.of(port(new FdtProperty("ranges", new byte[9])), port(FdtProperty.ofCells("dma-ranges", 1, 2)), port(
        FdtProperty
            .ofCells("clocks", 11)), port(new FdtProperty("clocks", new byte[3])), port(FdtProperty.ofCells("dma-ranges", 0x4200_0000, 0, 0,
                0,
                0, 0, 3)), port(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0, 0, 0, -1, -1)))) {
      FakeFirmware firmware = firmware(node);
      assertTrue(root(firmware, layer) != 0, node::toString);
      assertTrue(firmware.reports().stream().allMatch(text -> text.startsWith("/pcie@1f2b0000: ")), () -> firmware.reports().toString());
    }
    FakeFirmware firmware = firmware(port(FdtProperty.ofCells("dma-ranges", 1)));
    root(firmware, layer);
    assertEquals(List.of("/pcie@1f2b0000: dma-ranges: nothing is mapped inbound, so no device reaches memory"), firmware.reports());
  }
}
