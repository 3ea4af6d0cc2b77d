// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpsci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.SchedOp;

class VpsciTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private FakeDomain domain;

  @BeforeEach
  void start() {
    hypervisor.install("vpsci", new VpsciComponent());
    domain = hypervisor.domU(3, 20);
  }

  private long[] registers(long function, long... more) {
    long[] arguments = new long[8];
    arguments[0] = function;
    System.arraycopy(more, 0, arguments, 1, more.length);
    hypervisor.port(GuestTrapsPort.class).firmware((int) function).handler().call(domain.vcpu(0), arguments);
    return arguments;
  }

  private long call(long function, long... more) {
    return registers(function, more)[0];
  }

  @Test
  void versionsAreThoseOfXen() {
    assertEquals(0x1_0001, call(0x8400_0000L));
    assertEquals(0x1_0001, call(0x8000_0000L));
    assertEquals(2, call(0x8400_0006L));
  }

  @Test
  void featuresNameWhatIsThere() {
    assertEquals(0, call(0x8400_000AL, 0x8000_0000L));
    assertEquals(0, call(0x8400_000AL, 0xC400_0001L));
    assertEquals(0, call(0x8400_000AL, 0xC400_0003L));
    assertEquals(-1, call(0x8400_000AL, 0xC400_000EL));
    assertEquals(-1, call(0x8400_000AL, 0xC400_0012L));
    assertEquals(-1, call(0x8400_000AL, 2));
    assertEquals(-1, call(0x8000_0001L, 0x8000_8000L));
  }

  @Test
  void cpuOnStartsAVcpuByItsAffinity() {
    assertEquals(0, call(0xC400_0003L, 0x103, 0x4000_0000L, 0x1_2345_6789L));
    assertTrue(domain.vcpu(19).online());
    assertEquals(0x4000_0000L, domain.vcpu(19).entry());
    assertEquals(0x1_2345_6789L, domain.vcpu(19).x(0));
    assertEquals(-4, call(0xC400_0003L, 0x103, 0x4000_0000L, 0));
    assertEquals(-2, call(0xC400_0003L, 0x104, 0x4000_0000L, 0));
    assertEquals(-2, call(0xC400_0003L, 0x10, 0x4000_0000L, 0));
    assertEquals(-9, call(0xC400_0003L, 1, 0x4000_0001L, 0));
    assertEquals(0, call(0x8400_0003L, 1, 0xF_4000_0000L, -1));
    assertEquals(0x4000_0000L, domain.vcpu(1).entry());
    assertEquals(0xFFFF_FFFFL, domain.vcpu(1).x(0));
  }

  @Test
  void affinityInfoTellsWhoIsOn() {
    assertEquals(0, call(0xC400_0004L, 0, 0));
    assertEquals(1, call(0xC400_0004L, 1, 0));
    assertEquals(0, call(0xC400_0004L, 0, 1));
    assertEquals(1, call(0xC400_0004L, 0x100, 1));
    assertEquals(-2, call(0xC400_0004L, 0x200, 1));
    assertEquals(0, call(0xC400_0004L, 0x5_0000, 3));
    assertEquals(-2, call(0xC400_0004L, 0, 4));
  }

  @Test
  void cpuOffAndSuspendActOnTheCaller() {
    assertEquals(0, call(0xC400_0001L, 0));
    assertTrue(domain.vcpu(0).blocked());
    assertEquals(0, call(0x8400_0002L));
    assertFalse(domain.vcpu(0).online());
  }

  @Test
  void theCallsOfOldTreesWorkToo() {
    assertEquals(0, call(2, 3, 0x8000));
    assertEquals(0x8000, domain.vcpu(3).entry());
    assertEquals(0, call(1));
    assertFalse(domain.vcpu(0).online());
  }

  @Test
  void systemOffAndResetShutTheDomainDown() {
    call(0x8400_0009L);
    assertEquals(SchedOp.SHUTDOWN_reboot, domain.shutdownReason());
    FakeDomain other = hypervisor.domU(4, 1);
    domain = other;
    call(0x8400_0008L);
    assertEquals(SchedOp.SHUTDOWN_poweroff, other.shutdownReason());
  }

  @Test
  void whatNobodyKnowsIsNotSupportedAndLogged() {
    assertEquals(-1, call(0x8400_0050L));
    assertEquals(-1, call(0x8600_FF01L));
    HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < log.end(); i++) {
      text.append((char) log.at(i));
    }
    assertEquals("(XEN) d3v0 Unhandled SMC/HVC: 0x84000050\n(XEN) d3v0 Unhandled SMC/HVC: 0x8600ff01\n", text.toString());
    assertNull(hypervisor.port(GuestTrapsPort.class).firmware(3));
  }

  @Test
  void identifiersAreThoseOfThePublicHeader() {
    long[] uid = registers(0x8500_FF01L);
    assertArrayEquals(new long[] {0xDC1218A7L, 0x694398C6L, 0xD179CF9AL, 0x67E6DE8DL},
        new long[] {uid[0], uid[1], uid[2], uid[3]});
    assertEquals(0x6F38_63F8L, call(0x8400_FF01L));
    assertEquals(3, call(0x8500_FF00L));
    assertEquals(1, registers(0x8500_FF03L)[1]);
  }

  @Test
  void noCallThrows() {
    Random random = new Random(0x9C1);
    for (int i = 0; i < 20_000; i++) {
      long function = random.nextBoolean() ? 0x8400_0000L | random.nextInt(32) | random.nextInt(2) << 30
          : random.nextInt() | 1L << 31;
      call(function, random.nextLong(), random.nextLong(), random.nextLong());
    }
  }

  @Test
  void aHandOverIsNotSeenAndARemovedOneAnswersNoMore() {
    hypervisor.replace("vpsci", new VpsciComponent());
    assertEquals(0x1_0001, call(0x8400_0000L));
    hypervisor.remove("vpsci");
    assertNull(hypervisor.port(GuestTrapsPort.class).firmware(0x8400_0000));
  }
}
