// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.xen.abi.XenErrno;

/** Starting and stopping virtual CPUs by vcpu_op, with numbers instead of names (Xen public header {@code vcpu.h}). */
class VcpuOperationsTest {
  private static final int VCPU_OP = 24;
  private static final int INITIALISE = 0;
  private static final int UP = 1;
  private static final int DOWN = 2;
  private static final int IS_UP = 3;
  private static final int GET_PHYSID = 12;

  private final CoreBench bench = new CoreBench(3);

  private long call(int operation, long vcpu, long pointer) {
    return bench.call(VCPU_OP, operation, vcpu, pointer);
  }

  /** Registers of flat 32-bit code: mode 0, EAX, EIP, CR0 and segments as a boot loader has them. */
  private void context() {
    byte[] bytes = new byte[256];
    bench.domain.memory().write(CoreBench.PAGE, bytes, 0, bytes.length);
    word(8, 0x1234);
    word(8 + 32, 0x10_0000);
    word(8 + 40, 1);
    word(8 + 84, -1);
    word(8 + 88, -1);
    word(8 + 92, -1);
    word(8 + 100, 0x67);
    half(8 + 104, 0xC9A);
    half(8 + 106, 0xC93);
    half(8 + 108, 0xC92);
    half(8 + 112, 0x89);
  }

  private void word(int at, int value) {
    bench.domain.memory().write32(CoreBench.PAGE + at, value);
  }

  private void half(int at, int value) {
    bench.domain.memory().write16(CoreBench.PAGE + at, (short) value);
  }

  @Test
  void aVirtualCpuThatIsNotThereIsNamedByAnError() {
    for (int operation : new int[] {INITIALISE, UP, DOWN, IS_UP, GET_PHYSID}) {
      assertEquals(-XenErrno.XEN_ENOENT, call(operation, 3, CoreBench.PAGE), "operation " + operation);
      assertEquals(-XenErrno.XEN_ENOENT, call(operation, 0xFFFF_FFFFL, CoreBench.PAGE), "operation " + operation);
    }
  }

  @Test
  void itIsGivenRegistersOnceAndThenComesUp() {
    assertEquals(-XenErrno.XEN_EINVAL, call(UP, 1, 0), "it has no registers");
    context();
    assertEquals(-XenErrno.XEN_EFAULT, call(INITIALISE, 1, FakeHypervisor.GUEST_RAM + (1 << 20)));
    assertEquals(0, call(INITIALISE, 1, CoreBench.PAGE));
    assertEquals(-XenErrno.XEN_EEXIST, call(INITIALISE, 1, CoreBench.PAGE));
    assertEquals(0, call(IS_UP, 1, 0));
    assertFalse(bench.vcpu(1).online());
    assertEquals(0, call(UP, 1, 0));
    assertEquals(1, call(IS_UP, 1, 0));
    assertEquals(0x1234, bench.vcpu(1).x(CpuState.RAX));
    assertEquals(0, call(UP, 1, 0), "it is up");
    assertEquals(0, call(DOWN, 1, 0));
    assertEquals(0, call(IS_UP, 1, 0));
    assertEquals(-XenErrno.XEN_EEXIST, call(INITIALISE, 1, CoreBench.PAGE), "its registers are still there");
    assertEquals(0, call(UP, 1, 0));
    assertTrue(bench.vcpu(1).online());
  }

  @Test
  void registersThatCantBeAreRefusedAndItStaysWithoutAny() {
    context();
    word(8 + 40, 0x8000_0000);
    assertEquals(-XenErrno.XEN_EINVAL, call(INITIALISE, 1, CoreBench.PAGE), "paging without protection");
    assertEquals(-XenErrno.XEN_EINVAL, call(UP, 1, 0));
    context();
    assertEquals(0, call(INITIALISE, 1, CoreBench.PAGE));
  }

  @Test
  void theLastOneThatGoesDownPowersTheDomainOff() {
    context();
    call(INITIALISE, 1, CoreBench.PAGE);
    call(UP, 1, 0);
    assertEquals(0, call(DOWN, 1, 0));
    assertTrue(bench.domain.state() != DomainState.SHUTDOWN);
    assertEquals(0, call(DOWN, 0, 0));
    assertEquals(DomainState.SHUTDOWN, bench.domain.state());
  }

  /** Only of a hardware domain whose virtual CPUs are pinned it is known. */
  @Test
  void nobodyIsToldWhereItRuns() {
    assertEquals(-XenErrno.XEN_EINVAL, call(GET_PHYSID, 0, CoreBench.PAGE));
  }
}
