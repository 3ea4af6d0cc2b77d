// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Port 0 of Mustang, as its tree has it (Debian's kernel 6.1.192, apm-mustang.dtb). */
class XgeneFirmwareTest {
  private static final long CSR = 0x1F2B_0000L;
  private static final long CLOCK = 0x1F2B_C000L;
  private static final long CFG = 0xE0_D000_0000L;
  private static final int[] RANGES = {0x0100_0000, 0, 0, 0xE0, 0x1000_0000, 0, 0x1_0000,
      0x0200_0000, 0, 0x8000_0000, 0xE1, 0x8000_0000, 0, 0x8000_0000, 0x4300_0000, 0xF0, 0, 0xF0, 0, 0x10, 0};
  private static final int[] DMA_RANGES = {0x4200_0000, 0x80, 0, 0x80, 0, 0, 0x8000_0000, 0x4200_0000, 0, 0, 0, 0, 0x80, 0};

  private final Map<Long, Integer> registers = new HashMap<>();
  private final List<Long> order = new ArrayList<>();
  private final PhysicalBus bus = new PhysicalBus() {
    @Override
    public long read(long address, int size) {
      return registers.getOrDefault(address, 0) & 0xFFFF_FFFFL;
    }

    @Override
    public void write(long address, int size, long value) {
      assertEquals(4, size);
      registers.put(address, (int) value);
      order.add(address);
    }
  };

  private static FakeNode port() {
    return port(List.of("csr", "cfg"), RANGES, DMA_RANGES);
  }

  private static FakeNode port(List<String> windows, int[] ranges, int[] dmaRanges) {
    return FakeNode.at("/soc/pcie@1f2b0000").compatible("apm,xgene-storm-pcie", "apm,xgene-pcie").window(CSR, 0x1_0000)
        .window(CFG, 0x4_0000).property(FdtProperty.ofStrings("reg-names", windows.toArray(String[]::new))).cells("clocks", 0x10, 0)
        .cells("ranges", ranges).cells("dma-ranges", dmaRanges);
  }

  private FakeContext context(FakeNode port) {
    PlatformNode clock = FakeNode.at("/soc/clocks/pcie0clk@1f2bc000").compatible("apm,xgene-device-clock").window(CLOCK, 0x1000)
        .property(FdtProperty.ofStrings("reg-names", "csr-reg")).cells("phandle", 0x10).build();
    FakeContext context = new FakeContext(FakeNode.at("/xenolith-xgene-firmware").compatible("xenolith,xgene-firmware").build(), 2)
        .beside(FakeNode.at("/soc").cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges").build(), clock, port.build());
    context.physical(cpu -> bus);
    return context;
  }

  private FakeContext switchedOn(FakeNode port) {
    FakeContext context = context(port);
    context.create(new XgeneFirmwareComponent());
    context.cpus().getFirst().powerOn(0x4020_0000, 0);
    return context;
  }

  private void holds(long address, long value) {
    assertEquals(Long.toHexString(value), Long.toHexString(registers.get(address) & 0xFFFF_FFFFL
        | (registers.getOrDefault(address + 4, 0) & 0xFFFF_FFFFL) << 32), "at 0x" + Long.toHexString(address));
  }

  @Test
  void theClockRunsBeforeItsDeviceLeavesResetAndBeforeThePortIsProgrammed() {
    registers.put(CLOCK, 0xFF);
    switchedOn(port());
    assertEquals(List.of(CLOCK + 8, CLOCK, CSR + 0x2000), order.subList(0, 3));
    assertEquals(0xF, registers.get(CLOCK + 8));
    assertEquals(0xF0, registers.get(CLOCK), "bits that aren't the port's stay");
  }

  @Test
  void windowsOfTheTreeAreOutboundWindows() {
    assertEquals(List.of(), switchedOn(port()).reportedEvents());
    assertEquals(0xE004_10E8, registers.get(CSR + 0x2000));
    holds(CSR + 0x100, 0xE1_8000_0000L);
    holds(CSR + 0x108, 0xFFFF_FFFF_8000_0001L);
    holds(CSR + 0x110, 0x8000_0000L);
    holds(CSR + 0x118, 0xF0_0000_0000L);
    holds(CSR + 0x120, 0xFFFF_FFF0_0000_0001L);
    holds(CSR + 0x128, 0xF0_0000_0000L);
    holds(CSR + 0x130, 0xE0_1000_0000L);
    holds(CSR + 0x138, 0xFFFF_FFFF_FFFF_0003L);
    holds(CSR + 0x140, 0);
    holds(CSR + 0x154, CFG);
    assertEquals(1, registers.get(CSR + 0x15C));
  }

  @Test
  void memoryIsReachedThroughTheInboundRegionsThatTakeItsSizes() {
    switchedOn(port());
    holds(CFG + 0x10, 0x80_0000_000CL);
    holds(CSR + 0x2010, 0xFFFF_8000_000C_0000L);
    assertEquals(0xFFFF, registers.get(CSR + 0x2018));
    holds(CSR + 0x80, 0xF000_0080_0000_0000L);
    holds(CSR + 0xB4, 0xC);
    holds(CSR + 0xBC, 0xFFFF_FF80_0000_0001L);
    holds(CSR + 0xC4, 0xF000_0000_0000_0000L);
  }

  @Test
  void aPowerOnOfTheBootCpuInBetweenProgramsNothing() {
    FakeContext context = context(port());
    DeviceModel model = context.create(new XgeneFirmwareComponent());
    context.cpus().getFirst().powerOn(0x4020_0000, 0);
    order.clear();
    FakeContext next = context.successor();
    next.physical(cpu -> bus);
    DeviceModel successor = next.create(new XgeneFirmwareComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    next.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertEquals(List.of(), order);
    successor.reset();
    next.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertEquals(CLOCK + 8, order.getFirst(), "after a reset it does");
  }

  @Test
  void whatThePortHasNoRoomForIsSaid() {
    FakeContext context = switchedOn(port(List.of("csr", "cfg"), new int[] {0x0200_0000, 0, 0x8000_0000, 0xE1, 0x8000_0000, 0,
        0x100_0000}, new int[] {0x4200_0000, 0, 0, 0, 0, 0, 0x300}));
    assertEquals(List.of("xgene-window", "xgene-window"), context.reportedEvents().stream().map(FakeContext.Event::kind).toList());
    assertTrue(context.reportedEvents().getFirst().text().contains("0x1000000 bytes at 0xe180000000"));
  }

  @Test
  void hardwareThatIsntThereIsSaidAndTheBootGoesOn() {
    FakeContext context = context(port());
    context.physical(cpu -> new PhysicalBus() {
      @Override
      public long read(long address, int size) {
        throw ExternalAbort.INSTANCE;
      }

      @Override
      public void write(long address, int size, long value) {
        throw ExternalAbort.INSTANCE;
      }
    });
    context.create(new XgeneFirmwareComponent());
    context.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertEquals("xgene-no-answer", context.reportedEvents().getFirst().kind());
    assertThrows(ModelException.class, () -> context(port(List.of("csr"), RANGES, DMA_RANGES))
        .create(new XgeneFirmwareComponent()));
    assertThrows(ModelException.class, () -> context(port(List.of(), RANGES, DMA_RANGES)).create(new XgeneFirmwareComponent()),
        "names without a name");
  }

  @Test
  void onlyBoardsWithSuchPortsHaveTheNode() {
    FdtBuilder root = FdtBuilder.root();
    root.child("soc").child("pcie@1").strings("compatible", "apm,xgene-pcie");
    assertTrue(XgeneFirmwareShaper.withFirmware(Fdt.of(root.build())).node("/xenolith-xgene-firmware").isPresent());
    Fdt other = Fdt.of(FdtBuilder.root().strings("compatible", "acme,board").build());
    assertSame(other, XgeneFirmwareShaper.withFirmware(other));
  }
}
