// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EACCES;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.SharedInfo;

class WallClockTest {
  private static final int CALL = 7;
  private static final int VERSION = 0x0300_0001;
  private static final int SETTIME64 = 62;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);
  private final FakeDomain guest = hyp.domU(2, 1);

  WallClockTest() {
    hyp.install("platform", new WallClockComponent());
  }

  private static long call(FakeDomain caller, int command, int version, long seconds, int nanoseconds, int mbz, long time) {
    long at = caller.page(0);
    caller.memory().write32(at, command);
    caller.memory().write32(at + 4, version);
    caller.memory().write64(at + 8, seconds);
    caller.memory().write32(at + 16, nanoseconds);
    caller.memory().write32(at + 20, mbz);
    caller.memory().write64(at + 24, time);
    return caller.vcpu(0).call(CALL, at);
  }

  private String date(FakeDomain domain) {
    SharedInfo info = new SharedInfo();
    info.at(hyp.memory(), domain.sharedInfo());
    return "%d %d.%09d".formatted(info.wcVersion(), (long) info.wcSecHi() << 32 | info.wcSec() & 0xFFFF_FFFFL, info.wcNsec());
  }

  @Test
  void dom0SetsTheDateOfAllDomains() {
    assertEquals("0 0.000000000", date(guest));
    assertEquals(0, call(dom0, SETTIME64, VERSION, 1_790_000_000L, 200, 0, 2_000_000_300L));
    assertEquals("2 1789999997.999999900", date(guest));
    assertEquals("2 1789999997.999999900", date(dom0));
    assertEquals(0, call(dom0, SETTIME64, VERSION, 1L << 33, 0, 0, 0));
    assertEquals("4 8589934592.000000000", date(guest));
  }

  @Test
  void theDateIsWhereTheDomainsLayoutHasIt() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    FakeDomain first = other.dom0(1);
    other.install("platform", new WallClockComponent());
    assertEquals(0, call(first, SETTIME64, VERSION, (3L << 32) + 7, 200, 0, 0));
    long clock = first.sharedInfo() + 3072;
    assertEquals(2, other.memory().read32(clock));
    assertEquals(7, other.memory().read32(clock + 4));
    assertEquals(200, other.memory().read32(clock + 8));
    assertEquals(3, other.memory().read32(clock + 12));
    assertEquals(0, other.memory().read32(first.sharedInfo() + SharedInfo.WC_VERSION), "not where Arm has it");
  }

  @Test
  void aDomainThatComesLaterFindsTheDate() {
    call(dom0, SETTIME64, VERSION, 1_790_000_000L, 0, 0, 0);
    assertEquals("2 1790000000.000000000", date(hyp.domU(3, 1)));
  }

  @Test
  void nobodyElseMayAndNothingElseIsThere() {
    assertEquals(-XEN_EPERM, call(guest, SETTIME64, VERSION, 1, 0, 0, 0));
    assertEquals(-XEN_EACCES, call(guest, SETTIME64, VERSION + 1, 1, 0, 0, 0));
    assertEquals(-XEN_EINVAL, call(dom0, SETTIME64, VERSION, 1, 0, 1, 0));
    assertEquals(-XEN_ENOSYS, call(dom0, 17, VERSION, 1, 0, 0, 0));
    assertEquals(-XEN_EFAULT, dom0.vcpu(0).call(CALL, 0x10));
    assertEquals("0 0.000000000", date(dom0));
    long seed = 7;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      call(dom0, SETTIME64, VERSION, random.nextLong(), random.nextInt(), 0, random.nextLong());
    }
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void anotherVersionKnowsTheDateAndLeavesItAlone() {
    call(dom0, SETTIME64, VERSION, 1_790_000_000L, 5, 0, 0);
    hyp.replace("platform", new WallClockComponent());
    assertEquals("2 1790000000.000000005", date(guest));
    assertEquals("2 1790000000.000000005", date(hyp.domU(3, 1)));
  }

  /** What is shared is the guest's: a run that was saved must go on as one that wasn't. */
  @Test
  void whatAGuestMakesOfItsDateStays() {
    call(dom0, SETTIME64, VERSION, 1_790_000_000L, 5, 0, 0);
    SharedInfo info = new SharedInfo();
    info.at(hyp.memory(), guest.sharedInfo());
    info.wcNsec(6);
    hyp.replace("platform", new WallClockComponent()).restored();
    assertEquals("2 1790000000.000000006", date(guest));
  }

  @Test
  void whoCameWithoutItGetsTheDateWhenItIsBack() {
    call(dom0, SETTIME64, VERSION, 1_790_000_000L, 5, 0, 0);
    StateRecord record = hyp.remove("platform");
    assertEquals(-XEN_ENOSYS, call(dom0, SETTIME64, VERSION, 1, 0, 0, 0));
    FakeDomain late = hyp.domU(3, 1);
    assertEquals("0 0.000000000", date(late));
    hyp.bringBack("platform", new WallClockComponent(), record);
    assertEquals("2 1790000000.000000005", date(late));
    assertEquals("2 1790000000.000000005", date(guest));
  }

  @Test
  void aDomainThatLatchesNarrowWordsFindsTheDateThere() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    FakeDomain control = other.dom0(1);
    FakeDomain pvh = other.domU(2, 1);
    other.install("platform", new WallClockComponent());
    assertEquals(0, call(control, SETTIME64, VERSION, 0x1_2345_6789L, 17, 0, 0));
    pvh.latch(4);
    long shared = pvh.sharedInfo();
    assertEquals(0x2345_6789, other.memory().read32(shared + 2308));
    assertEquals(17, other.memory().read32(shared + 2312));
    assertEquals(1, other.memory().read32(shared + 2340));
    assertEquals(0, other.memory().read32(shared + 2316), "max_pfn isn't its");
  }

  /** A hypervisor on a machine with a PC's clock chip, whose registers are given; the rest is 0. */
  private static FakeHypervisor onPc(int... registers) {
    FakeHypervisor pc = new FakeHypervisor();
    pc.beside(FakeNode.at("/isa/rtc@1,70").compatible("motorola,mc146818").window(PhysicalBus.PORTS + 0x70, 2).build());
    pc.machine().window(new AddressWindow(PhysicalBus.PORTS + 0x70, 2), new MmioHandler() {
      private int index;

      @Override
      public long read(long offset, int size) {
        return offset == 1 && index < registers.length ? registers[index] : 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        index = (int) value;
      }
    });
    return pc;
  }

  private static String firstDate(FakeHypervisor pc) {
    pc.clock().advance(250_000_000);
    pc.install("platform", new WallClockComponent());
    SharedInfo info = new SharedInfo();
    info.at(pc.memory(), pc.dom0(1).sharedInfo());
    return "%d %s".formatted(info.wcVersion(), Instant.ofEpochSecond((long) info.wcSecHi() << 32 | info.wcSec() & 0xFFFF_FFFFL, info
        .wcNsec()));
  }

  @Test
  void theFirstDomainFindsTheDateOfAPcsClockChip() {
    assertEquals("2 2026-11-28T20:15:29.750Z", firstDate(onPc(0x30, 0, 0x15, 0, 0x20, 0, 0, 0x28, 0x11, 0x26, 0, 0x02)), "BCD");
    assertEquals("2 1999-12-31T23:59:58.750Z", firstDate(onPc(59, 0, 59, 0, 0x80 | 11, 0, 0, 31, 12, 99, 0, 0x04)), "binary, by half days");
    assertEquals("2 2069-01-01T00:00:00.750Z", firstDate(onPc(1, 0, 0, 0, 12, 0, 0, 1, 1, 69, 0, 0x04)), "12 at night");
    assertEquals("0 1970-01-01T00:00:00Z", firstDate(onPc(0, 0, 0, 0, 0, 0, 0, 0x31, 0x02, 0x26, 0, 0x02)), "31 February");
  }

  @Test
  void whatDom0SaysCountsMoreThanTheClockChip() {
    FakeHypervisor pc = onPc(0x30, 0, 0x15, 0, 0x20, 0, 0, 0x28, 0x11, 0x26, 0, 0x02);
    pc.install("platform", new WallClockComponent());
    FakeDomain first = pc.dom0(1);
    call(first, SETTIME64, VERSION, 1_790_000_000L, 5, 0, 0);
    pc.replace("platform", new WallClockComponent());
    SharedInfo info = new SharedInfo();
    info.at(pc.memory(), pc.domU(2, 1).sharedInfo());
    assertEquals(1_790_000_000L, info.wcSec());
  }

  @Test
  void aClockChipThatIsNotThereIsNone() {
    FakeHypervisor pc = onPc();
    pc.machine().window(new AddressWindow(PhysicalBus.PORTS + 0x70, 2), null);
    assertEquals("0 1970-01-01T00:00:00Z", firstDate(pc));
  }
}
