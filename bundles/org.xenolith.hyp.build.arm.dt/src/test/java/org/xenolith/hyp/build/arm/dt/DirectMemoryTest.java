// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.arm.kit.ArmKernelImage;
import org.xenolith.hyp.arm.kit.BuildRefusals;
import org.xenolith.hyp.arm.kit.HardwareMemory;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.hyp.build.kit.DirectMemory;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeHypervisor;

class DirectMemoryTest {
  private static final long MIB = 1L << 20;
  private static final int OWNER = 7;

  private FrameHeap frames;

  @Test
  void bankIsTheOneThatXenGivesWhenTheTopIsTaken() {
    frames = new FrameTable(List.of(new AddressWindow(0x4000_0000L, 1024 * MIB)));
    frames.allocate(FrameHeap.HYPERVISOR, 256, 1);
    assertEquals(List.of(Golden.BANK), allocate(1024, 384));
    assertEquals(384 * MIB / 4096, frames.count(OWNER));
  }

  private List<FdtWindow> allocate(long machine, long domain) {
    return new DirectMemory(frames, OWNER, List.of(new FdtWindow(0x4000_0000L, machine * MIB))).allocate(domain * MIB,
        List.of(new FdtWindow(0x4000_0000L, 0x260_0000)));
  }

  /** What Debian's Xen 4.17 says in its log ({@code BANK[…]}) on a board virt of one CPU, with {@code bootscrub=0}. */
  @ParameterizedTest
  @CsvSource({"1024, 64, 78000000-7c000000", "1024, 128, 70000000-78000000", "1024, 256, 60000000-70000000",
      "1024, 320, 60000000-70000000 78000000-7c000000", "1024, 448, 60000000-7c000000", "1024, 512, 50000000-70000000",
      "1024, 640, 50000000-78000000", "1024, 768, 48000000-78000000", "2048, 384, 50000000-60000000 b0000000-b8000000",
      "2048, 1024, 60000000-a0000000", "6144, 384, 50000000-60000000 f8000000-100000000", "6144, 2048, 80000000-100000000",
      "6144, 4096, 48000000-100000000 140000000-180000000 1b0000000-1b8000000"})
  void banksAreThoseThatXenGives(long machine, long domain, String expected) {
    frames = new FrameTable(List.of(new AddressWindow(0x4000_0000L, machine * MIB)));
    frames.allocate(FrameHeap.HYPERVISOR, 256, 1);
    assertEquals(expected, allocate(machine, domain).stream()
        .map(bank -> Long.toHexString(bank.base()) + '-' + Long.toHexString(bank.base() + bank.size())).collect(Collectors.joining(" ")));
    assertEquals(domain * MIB / 4096, frames.count(OWNER));
  }

  @Test
  void whatIsAvoidedIsTakenWhenThereIsNoOther() {
    frames = new FrameTable(List.of(new AddressWindow(0x4000_0000L, 64 * MIB)));
    assertEquals(List.of(new FdtWindow(0x4000_0000L, 64 * MIB)), allocate(64, 64));
  }

  @Test
  void scatteredRamGivesSeveralBanks() {
    frames = new FrameTable(List.of(new AddressWindow(0x4000_0000L, 64 * MIB), new AddressWindow(0x8000_0000L, 64 * MIB)));
    frames.allocateAt(FrameHeap.HYPERVISOR, 0x8200_0000L / 4096, 1);
    List<FdtWindow> banks = new DirectMemory(frames, OWNER, List.of(new FdtWindow(0x4000_0000L, 64 * MIB),
        new FdtWindow(0x8000_0000L, 64 * MIB))).allocate(120 * MIB, List.of());
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
    frames = new FrameTable(List.of(new AddressWindow(0x4000_0000L, 64 * MIB)));
    String message = assertThrows(IllegalArgumentException.class,
        () -> allocate(64, 65)).getMessage();
    assertTrue(message.contains(Long.toString(65 * MIB)), message);
    assertThrows(IllegalArgumentException.class, () -> allocate(64, 0));
    assertThrows(IllegalArgumentException.class, () -> new DirectMemory(frames, OWNER, List.of()).allocate(4097, List.of()));
  }

  @Test
  void grantTableStandsInRamThatIsNotTheDomains() {
    List<FdtWindow> ram = List.of(Golden.HOST_RAM);
    assertEquals(Golden.GRANT_WINDOW, HardwareMemory.grantWindow(ram, List.of(Golden.BANK), 64));
    FdtWindow low = new FdtWindow(0x4000_0000L, 32 * MIB);
    assertEquals(0x4200_0000L, HardwareMemory.grantWindow(ram, List.of(low), 64).base());
    FdtWindow gap = new FdtWindow(0x4040_0000L, 32 * MIB);
    assertEquals(new FdtWindow(0x4240_0000L, 3 * MIB), HardwareMemory.grantWindow(ram, List.of(gap), 768));
    assertThrows(IllegalArgumentException.class, () -> HardwareMemory.grantWindow(ram, ram, 64));
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
    assertEquals(0x20_0000, ArmKernelImage.of(kernel).size());
    kernel[56] = 0;
    assertTrue(assertThrows(IllegalArgumentException.class, () -> ArmKernelImage.of(kernel)).getMessage()
        .contains("expected an arm64 Image, plain or packed"));
    assertThrows(IllegalArgumentException.class, () -> ArmKernelImage.of(new byte[63]));
    assertThrows(IllegalArgumentException.class, () -> ArmKernelImage.of(SmallKernel.file(-1, 0)));
    assertThrows(IllegalArgumentException.class, () -> ArmKernelImage.of(SmallKernel.file(0, 1L << 40)));
  }

  @Test
  void kernelForPagesThatTheCpusDontHaveIsRefusedWithTheRemedy() {
    Cpu cpu = new FakeHypervisor().machine().cpus().getFirst();
    for (int pages = 0; pages < 4; pages++) {
      byte[] file = SmallKernel.file(0, 0x20_0000);
      file[24] = (byte) (8 | pages << 1);
      ArmKernelImage kernel = ArmKernelImage.of(file);
      if (pages < 2) {
        assertEquals(kernel, kernel.on(cpu, BuildRefusals::granules));
        continue;
      }
      String says = assertThrows(IllegalArgumentException.class, () -> kernel.on(cpu, BuildRefusals::granules)).getMessage();
      assertTrue(says.contains("pages of " + (pages == 2 ? "16 KiB" : "64 KiB"))
          && says.contains("⟦granules⟧ 4k," + (pages == 2 ? "16k" : "64k")), says);
    }
  }
}
