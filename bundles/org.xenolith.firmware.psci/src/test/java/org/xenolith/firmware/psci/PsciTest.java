// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.psci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class PsciTest {
  private static final long VERSION = 0x8400_0000L;
  private static final long SUSPEND = 0xC400_0001L;
  private static final long OFF = 0x8400_0002L;
  private static final long ON32 = 0x8400_0003L;
  private static final long ON64 = 0xC400_0003L;
  private static final long AFFINITY_INFO = 0xC400_0004L;
  private static final long FEATURES = 0x8400_000AL;
  private static final long SMCCC_VERSION = 0x8000_0000L;

  private FakeContext context;

  private static FakeNode node() {
    return FakeNode.at("/psci").compatible("arm,psci-1.0", "arm,psci-0.2", "arm,psci")
        .property(FdtProperty.ofStrings("method", "hvc"));
  }

  @BeforeEach
  void start() {
    start(node());
  }

  private void start(FakeNode node) {
    context = new FakeContext(node.build(), 4);
    context.create(new PsciComponent());
  }

  private long call(long... arguments) {
    return context.call(0, true, arguments).argument(0);
  }

  /** Calls and answers of a Debian 12 kernel boot (6.1.192) on QEMU 7.2 virt, in order. */
  @Test
  void bootGetsWhatQemuAnswers() {
    assertEquals(0x10001, call(VERSION));
    assertEquals(2, call(0x8400_0006L));
    assertEquals(-1, call(FEATURES, 0x8000_0000L));
    assertEquals(0, call(FEATURES, 0xC400_0001L));
    assertEquals(-1, call(FEATURES, 0xC400_000EL));
    assertEquals(0, call(FEATURES, 0xC400_0012L), "QEMU has no SYSTEM_RESET2 and answers -1");
    assertEquals(0, call(ON64, 1, 0x40EF_D2C8L, 0));
    call(0x8400_0008L);
    assertEquals(1, context.power().powerOffs());
    assertEquals(0, context.power().resets());
  }

  @Test
  void cpuIsPoweredOnWithEntryAndContext() {
    assertEquals(0, call(ON64, 2, 0x1_4000_0000L, 0x1234_5678_9ABCL));
    assertTrue(context.cpus().get(2).powered());
    assertEquals(0x1_4000_0000L, context.cpus().get(2).entry());
    assertEquals(0x1234_5678_9ABCL, context.cpus().get(2).context());
    assertFalse(context.cpus().get(1).powered());
    assertEquals(0, call(ON32, 0xFFFF_FFFF_0000_0003L, 0x9_4000_0000L, 0x7_0000_0001L));
    assertEquals(0x4000_0000L, context.cpus().get(3).entry(), "32-bit calls use low halves");
    assertEquals(1, context.cpus().get(3).context());
  }

  @Test
  void powerOnRefusesWhatItMust() {
    assertEquals(-4, call(ON64, 0, 0x4000_0000L, 0));
    assertEquals(-2, call(ON64, 4, 0x4000_0000L, 0));
    assertEquals(-2, call(ON64, 0x8000_0001L, 0x4000_0000L, 0), "bit 31 of MPIDR is not part of an affinity");
    assertEquals(-9, call(ON64, 1, 0x4000_0002L, 0));
    assertFalse(context.cpus().get(1).powered());
  }

  @Test
  void affinityInfoTellsPowerStates() {
    assertEquals(0, call(AFFINITY_INFO, 0, 0));
    assertEquals(1, call(AFFINITY_INFO, 1, 0));
    call(ON64, 1, 0x4000_0000L, 0);
    assertEquals(0, call(AFFINITY_INFO, 1, 0));
    context.call(1, true, OFF);
    assertEquals(1, call(AFFINITY_INFO, 1, 0));
    assertEquals(0, call(AFFINITY_INFO, 0, 1));
    assertEquals(-2, call(AFFINITY_INFO, 0x100, 1));
    assertEquals(-2, call(AFFINITY_INFO, 9, 0));
    assertEquals(-2, call(AFFINITY_INFO, 0, 4));
  }

  @Test
  void suspendWaitsForAnInterrupt() {
    assertEquals(0, call(SUSPEND, 0x1_0000, 0x4000_0000L, 0));
    assertTrue(context.cpus().get(0).waiting());
    assertFalse(context.cpus().get(1).waiting());
    assertEquals(-2, call(SUSPEND, 0x8000_0000L, 0, 0));
  }

  @Test
  void resetIsAskedFor() {
    call(0x8400_0009L);
    assertEquals(1, context.power().resets());
    assertEquals("SYSTEM_RESET", context.power().why());
  }

  @Test
  void aWarmResetIsAskedFor() {
    assertEquals(-2, call(0xC400_0012L, 1, 0));
    assertEquals(-2, call(0xC400_0012L, 0x8000_0000L, 7), "a vendor's own, and this one has none");
    assertEquals(0, context.power().warmResets());
    call(0xC400_0012L, 0, 7);
    call(0x8400_0012L, 0x1_0000_0000L, 0);
    assertEquals(2, context.power().warmResets());
    assertEquals("SYSTEM_RESET2", context.power().why());
    assertEquals(0, context.power().resets());
  }

  @Test
  void otherFunctionsAreNotSupported() {
    for (long function : new long[] {SMCCC_VERSION, 0x8000_0001L, 0x8400_0005L, 0xC400_0000L, 0x8400_0050L, 0x8600_FF01L,
        0xC400_000EL, 0x8400_001FL, 0x8400_0020L, 0x8401_0000L, 0}) {
      assertEquals(-1, call(function), Long.toHexString(function));
    }
  }

  @Test
  void otherConduitIsNotAnswered() {
    assertEquals(-1, context.call(0, false, VERSION).argument(0));
    assertEquals(-1, context.call(0, false, ON64, 1, 0x4000_0000L).argument(0));
    assertFalse(context.cpus().get(1).powered());
    start(FakeNode.at("/psci").compatible("arm,psci-1.0").property(FdtProperty.ofStrings("method", "smc")));
    assertEquals(0x10001, context.call(0, false, VERSION).argument(0));
    assertEquals(-1, call(VERSION));
  }

  @Test
  void callingConventionOneOneIsAnOption() {
    start(node().option("smccc-1-1", "true"));
    assertEquals(0, call(FEATURES, SMCCC_VERSION));
    assertEquals(0x10001, call(SMCCC_VERSION));
    assertEquals(0, call(0x8000_0001L, 0x8000_0001L));
    assertEquals(-1, call(0x8000_0001L, 0x8000_8000L));
  }

  @Test
  void versionZeroOneIdentifiersComeFromTheNode() {
    start(FakeNode.at("/psci").compatible("arm,psci").property(FdtProperty.ofStrings("method", "hvc"))
        .cells("cpu_on", 0x9500_0001).cells("cpu_off", 0x9500_0002));
    assertEquals(0, call(0x9500_0001L, 1, 0x1_4000_0000L, 5));
    assertEquals(0x1_4000_0000L, context.cpus().get(1).entry());
    context.call(1, true, 0x9500_0002L);
    assertFalse(context.cpus().get(1).powered());
  }

  @Test
  void unknownMethodIsRefused() {
    ModelException refused = assertThrows(ModelException.class, () -> start(FakeNode.at("/psci").compatible("arm,psci-1.0")
        .property(FdtProperty.ofStrings("method", "svc"))));
    assertEquals("/psci.method: expected hvc or smc, got svc", refused.getMessage());
  }
}
