// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeHypervisor;

class DirectMemoryTest {
  private static final long MIB = 1L << 20;
  private static final int OWNER = 7;

  private final FrameHeap frames = new FrameHeap();

  @Test
  void bankIsTheOneThatXenGivesWhenTheTopIsTaken() {
    frames.add(List.of(new AddressWindow(0x4000_0000L, 1024 * MIB)));
    frames.allocate(FrameHeap.HYPERVISOR, 256, 1);
    assertEquals(List.of(Golden.BANK), new DirectMemory(frames, OWNER).allocate(384 * MIB));
    assertEquals(384 * MIB / 4096, frames.count(OWNER));
  }

  @Test
  void emptyMachineGivesOneBankAtItsTop() {
    frames.add(List.of(new AddressWindow(0x4000_0000L, 1024 * MIB)));
    assertEquals(List.of(new FdtWindow(0x6800_0000L, 384 * MIB)), new DirectMemory(frames, OWNER).allocate(384 * MIB));
  }

  @Test
  void scatteredRamGivesSeveralBanks() {
    frames.add(List.of(new AddressWindow(0x4000_0000L, 64 * MIB), new AddressWindow(0x8000_0000L, 64 * MIB)));
    frames.allocateAt(FrameHeap.HYPERVISOR, 0x8200_0000L / 4096, 1);
    List<FdtWindow> banks = new DirectMemory(frames, OWNER).allocate(120 * MIB);
    assertEquals(120 * MIB, banks.stream().mapToLong(FdtWindow::size).sum());
    assertEquals(120 * MIB / 4096, frames.count(OWNER));
    for (FdtWindow bank : banks) {
      assertEquals(OWNER, frames.owner(bank.base() / 4096));
      assertEquals(OWNER, frames.owner((bank.base() + bank.size()) / 4096 - 1));
    }
    assertTrue(banks.size() > 1, banks.toString());
  }

  @Test
  void moreThanThereIsIsRefusedWithItsNumbers() {
    frames.add(List.of(new AddressWindow(0x4000_0000L, 64 * MIB)));
    String message = assertThrows(IllegalArgumentException.class,
        () -> new DirectMemory(frames, OWNER).allocate(65 * MIB)).getMessage();
    assertTrue(message.contains(Long.toString(65 * MIB)), message);
    assertThrows(IllegalArgumentException.class, () -> new DirectMemory(frames, OWNER).allocate(0));
    assertThrows(IllegalArgumentException.class, () -> new DirectMemory(frames, OWNER).allocate(4097));
  }

  @Test
  void grantTableStandsInRamThatIsNotTheDomains() {
    List<FdtWindow> ram = List.of(Golden.HOST_RAM);
    assertEquals(Golden.GRANT_WINDOW, Dom0Builder.grantWindow(ram, List.of(Golden.BANK), 64));
    FdtWindow low = new FdtWindow(0x4000_0000L, 32 * MIB);
    assertEquals(0x4200_0000L, Dom0Builder.grantWindow(ram, List.of(low), 64).base());
    FdtWindow gap = new FdtWindow(0x4040_0000L, 32 * MIB);
    assertEquals(new FdtWindow(0x4240_0000L, 3 * MIB), Dom0Builder.grantWindow(ram, List.of(gap), 768));
    assertThrows(IllegalArgumentException.class, () -> Dom0Builder.grantWindow(ram, ram, 64));
  }

  @Test
  void windowsOfDevicesBecomePagesOnceAndNeverRam() {
    List<FdtWindow> windows = List.of(new FdtWindow(0xa00_0200L, 0x200), new FdtWindow(0xa00_0000L, 0x200),
        new FdtWindow(0x902_0000L, 0x18), new FdtWindow(0xa00_0e00L, 0x400), new FdtWindow(0x3fff_f000L, 0x3000),
        new FdtWindow(0x4000_0000L, 0x1000), new FdtWindow(0x1_0000_0000L, 0));
    assertEquals(List.of(new FdtWindow(0x902_0000L, 0x1000), new FdtWindow(0xa00_0000L, 0x2000),
        new FdtWindow(0x3fff_f000L, 0x1000), new FdtWindow(0x4000_1000L, 0x1000)),
        DeviceWindows.pages(windows, List.of(new FdtWindow(0x4000_0000L, 0x1000))));
  }

  @Test
  void windowOverEverythingLeavesTheRamOut() {
    List<FdtWindow> ram = List.of(new FdtWindow(0x4000_0000L, 0x1000));
    List<FdtWindow> rest = List.of(new FdtWindow(0, 0x4000_0000L),
        new FdtWindow(0x4000_1000L, (1L << 52) - 0x4000_1000L));
    assertEquals(rest, DeviceWindows.pages(List.of(new FdtWindow(0, Long.MIN_VALUE + 5)), ram));
    assertEquals(rest, DeviceWindows.pages(List.of(new FdtWindow(0, -1), new FdtWindow(-0x1000, 0x800)), ram));
  }

  @Test
  void damagedKernelIsRefusedWithAReason() {
    byte[] kernel = SmallKernel.file(0, 0x20_0000);
    assertEquals(0x20_0000, KernelImage.of(kernel).size());
    kernel[56] = 0;
    assertTrue(assertThrows(IllegalArgumentException.class, () -> KernelImage.of(kernel)).getMessage()
        .contains("plain arm64 Image"));
    assertThrows(IllegalArgumentException.class, () -> KernelImage.of(new byte[63]));
    assertThrows(IllegalArgumentException.class, () -> KernelImage.of(SmallKernel.file(-1, 0)));
    assertThrows(IllegalArgumentException.class, () -> KernelImage.of(SmallKernel.file(0, 1L << 40)));
  }

  @Test
  void kernelForPagesThatTheCpusDontHaveIsRefusedWithTheRemedy() {
    Cpu cpu = new FakeHypervisor().machine().cpus().getFirst();
    for (int pages = 0; pages < 4; pages++) {
      byte[] file = SmallKernel.file(0, 0x20_0000);
      file[24] = (byte) (8 | pages << 1);
      KernelImage kernel = KernelImage.of(file);
      if (pages < 2) {
        assertEquals(kernel, kernel.on(cpu));
        continue;
      }
      String says = assertThrows(IllegalArgumentException.class, () -> kernel.on(cpu)).getMessage();
      assertTrue(says.contains("pages of " + (pages == 2 ? "16 KiB" : "64 KiB"))
          && says.contains("⟦granules⟧ 4k," + (pages == 2 ? "16k" : "64k")), says);
    }
  }
}
