// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.VcpuTimeInfo;
import org.xenolith.xen.abi.XenErrno;

/** The time that a guest finds in its vcpu_info. */
class PvTimeTest {
  private static final long SECOND = 1_000_000_000L;
  /** Of vcpu_time_info in vcpu_info. */
  private static final int TIME = 32;

  private final FakeHypervisor hyp = new FakeHypervisor(2);
  private final CountingX64Cpu[] cpus = PvTimeStand.of(hyp, 2, SECOND);

  PvTimeTest() {
    hyp.install("vcpu", PvTimeStand.vcpuOp());
  }

  private VcpuTimeInfo info(FakeDomain domain, int vcpu) {
    VcpuTimeInfo info = new VcpuTimeInfo();
    info.at(hyp.memory(), domain.vcpu(vcpu).info() + TIME);
    return info;
  }

  private String time(FakeDomain domain, int vcpu) {
    VcpuTimeInfo info = info(domain, vcpu);
    return "%d: %d at %d, *0x%x<<%d, %d".formatted(info.version(), info.systemTime(), info.tscTimestamp(), info.tscToSystemMul(), info
        .tscShift(), info.flags());
  }

  private void load(FakeDomain domain, int vcpu, CountingX64Cpu cpu) {
    hyp.port(ContextSwitchPort.class).load(domain.vcpu(vcpu), cpu);
  }

  @Test
  void aNewDomainHasTheTimeInAllThatItsVcpusShare() {
    hyp.install("pvtime", new PvTimeComponent());
    hyp.clock().advance(700);
    FakeDomain guest = hyp.domU(2, 33);
    assertEquals("2: 700 at 700, *0x80000000<<1, 1", time(guest, 0));
    assertEquals("2: 700 at 700, *0x80000000<<1, 1", time(guest, 31));
    assertEquals(0, hyp.memory().read64(guest.sharedInfo() + 32 * 64 + TIME), "the 33rd has none there");
    assertEquals(0, hyp.memory().read64(guest.sharedInfo() + TIME - 8) | hyp.memory().read64(guest.sharedInfo() + TIME + 32));
  }

  @Test
  void whoIsPutOnACpuHasThatOnesCount() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 2);
    hyp.clock().advance(5000);
    cpus[1].ahead(100);
    load(guest, 1, cpus[1]);
    assertEquals("4: 5000 at 5100, *0x80000000<<1, 1", time(guest, 1));
    assertEquals("2: 0 at 0, *0x80000000<<1, 1", time(guest, 0), "the other one keeps what it has");
    load(guest, 1, cpus[0]);
    assertEquals("6: 5000 at 5000, *0x80000000<<1, 1", time(guest, 1));
  }

  @Test
  void anOddVersionThatAGuestLeftThereIsMadeEven() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 1);
    info(guest, 0).version(-1);
    load(guest, 0, cpus[0]);
    assertEquals(2, info(guest, 0).version());
    info(guest, 0).version(6);
    load(guest, 0, cpus[0]);
    assertEquals(8, info(guest, 0).version());
  }

  @Test
  void aVcpuThatSharesElsewhereHasTheTimeThere() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 33);
    hyp.clock().advance(40);
    guest.vcpu(32).info(hyp.p2m().translate(guest, guest.page(5), true) + 128);
    assertEquals("2: 40 at 40, *0x80000000<<1, 1", time(guest, 32));
    guest.vcpu(32).info(0);
    load(guest, 32, cpus[0]);
  }

  private long copy(FakeDomain domain, int caller, int vcpu, long va) {
    domain.memory().write64(domain.page(0), va);
    return domain.vcpu(caller).call(HypercallNumber.__HYPERVISOR_vcpu_op, VcpuOp.VCPUOP_register_vcpu_time_memory_area, vcpu, domain.page(
        0));
  }

  private static String copied(FakeDomain domain, long va) {
    return "%d: %d at %d, *0x%x<<%d, %d".formatted(domain.memory().read32(va), domain.memory().read64(va + 16), domain.memory().read64(va
        + 8), domain.memory().read32(va + 24), domain.memory().read8(va + 28), domain.memory().read8(va + 29));
  }

  @Test
  void aCopyForProgramsHasTheTimeWhenItIsAskedForAndWheneverTheOtherIsWritten() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 2);
    hyp.clock().advance(50);
    long at = guest.page(3) + 64;
    assertEquals(0, copy(guest, 0, 0, at));
    assertEquals("2: 50 at 50, *0x80000000<<1, 1", copied(guest, at));
    hyp.clock().advance(50);
    load(guest, 1, cpus[1]);
    assertEquals("2: 50 at 50, *0x80000000<<1, 1", copied(guest, at), "another one's");
    cpus[1].ahead(7);
    load(guest, 0, cpus[1]);
    assertEquals("4: 100 at 107, *0x80000000<<1, 1", copied(guest, at));
    hyp.replace("pvtime", new PvTimeComponent());
    hyp.clock().advance(50);
    load(guest, 0, cpus[0]);
    assertEquals("6: 150 at 150, *0x80000000<<1, 1", copied(guest, at));
    assertEquals(0, copy(guest, 0, 0, 0));
    hyp.clock().advance(50);
    load(guest, 0, cpus[0]);
    assertEquals("6: 150 at 150, *0x80000000<<1, 1", copied(guest, at), "it was taken back");
    assertEquals("8: 200 at 200, *0x80000000<<1, 1", time(guest, 0));
  }

  @Test
  void aCopyIsOfAVirtualCpuThatThereIs() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 2);
    assertEquals(-XenErrno.XEN_ENOENT, copy(guest, 0, 2, guest.page(3)));
    assertEquals(-XenErrno.XEN_EFAULT, guest.vcpu(0).call(HypercallNumber.__HYPERVISOR_vcpu_op,
        VcpuOp.VCPUOP_register_vcpu_time_memory_area, 0, 0x10));
    assertEquals(0, copy(guest, 0, 1, 0x10), "it isn't written");
    load(guest, 1, cpus[0]);
    assertEquals(0, copy(guest, 0, 1, guest.page(4)));
    assertEquals("6: 0 at 0, *0x80000000<<1, 1", copied(guest, guest.page(4)));
  }

  @Test
  void timeNeverGoesBackWhateverTheFrequency() {
    for (long hertz : new long[] {1_000_000, 99_999_999, 333_333_333, SECOND, 2_399_999_999L, 4_294_967_295L}) {
      FakeHypervisor other = new FakeHypervisor(1);
      CountingX64Cpu cpu = PvTimeStand.of(other, 1, hertz)[0];
      other.install("vcpu", PvTimeStand.vcpuOp());
      other.install("pvtime", new PvTimeComponent());
      FakeDomain guest = other.domU(2, 1);
      VcpuTimeInfo info = new VcpuTimeInfo();
      info.at(other.memory(), guest.vcpu(0).info() + TIME);
      long last = 0;
      for (int i = 0; i < 2000; i++) {
        other.clock().advance(1 + i * 37L % 1013);
        if (i % 7 == 0) {
          other.port(ContextSwitchPort.class).load(guest.vcpu(0), cpu);
        }
        long ticks = cpu.timeStamp() - info.tscTimestamp();
        long shifted = info.tscShift() < 0 ? ticks >>> -info.tscShift() : ticks << info.tscShift();
        long time = info.systemTime() + (shifted * Integer.toUnsignedLong(info.tscToSystemMul()) >>> 32);
        assertTrue(time >= last && time <= other.now(), hertz + " Hz: " + time + " after " + last + ", now " + other.now());
        assertTrue(other.now() - time <= 2 + SECOND / hertz, hertz + " Hz: " + time + ", now " + other.now());
        last = time;
      }
    }
  }

  @Test
  void theServiceDomainHasNoTime() {
    hyp.install("pvtime", new PvTimeComponent());
    hyp.clock().advance(9);
    FakeDomain service = hyp.service();
    assertEquals(DomainSpec.Kind.SERVICE, service.kind());
    assertEquals(0, info(service, 0).version());
  }

  @Test
  void whoWasThereBeforeGetsTheTime() {
    FakeDomain guest = hyp.domU(2, 1);
    hyp.clock().advance(12);
    hyp.install("pvtime", new PvTimeComponent());
    assertEquals("2: 12 at 12, *0x80000000<<1, 1", time(guest, 0));
  }

  @Test
  void anotherVersionLeavesTheTimeAlone() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 1);
    hyp.clock().advance(100);
    hyp.replace("pvtime", new PvTimeComponent());
    assertEquals("2: 0 at 0, *0x80000000<<1, 1", time(guest, 0));
    load(guest, 0, cpus[0]);
    assertEquals("4: 100 at 100, *0x80000000<<1, 1", time(guest, 0));
  }

  @Test
  void backItShowsTheTimeToAllAndGoneItShowsNone() {
    hyp.install("pvtime", new PvTimeComponent());
    FakeDomain guest = hyp.domU(2, 33);
    var record = hyp.remove("pvtime");
    hyp.clock().advance(100);
    load(guest, 0, cpus[0]);
    guest.vcpu(32).info(hyp.p2m().translate(guest, guest.page(5), true));
    FakeDomain late = hyp.domU(3, 1);
    assertEquals("2: 0 at 0, *0x80000000<<1, 1", time(guest, 0));
    hyp.bringBack("pvtime", new PvTimeComponent(), record);
    assertEquals("4: 100 at 100, *0x80000000<<1, 1", time(guest, 0));
    assertEquals("2: 100 at 100, *0x80000000<<1, 1", time(guest, 32));
    assertTrue(time(late, 0).endsWith(": 100 at 100, *0x80000000<<1, 1"), time(late, 0));
  }
}
