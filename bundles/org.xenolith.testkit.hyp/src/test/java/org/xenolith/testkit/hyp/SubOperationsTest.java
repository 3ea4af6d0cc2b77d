// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.EvtchnAllocUnbound;
import org.xenolith.xen.abi.EvtchnSend;
import org.xenolith.xen.abi.XenErrno;

/** What is wrong with a call is told in Xen's order: each call has all that is behind the error wrong, too. */
class SubOperationsTest {
  private static final int NUMBER = 6;
  private static final int NO_DOMAIN = 99;
  private static final long NOWHERE = 0x10;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);
  private final FakeDomain guest = hyp.domU(2, 1);
  private final SubOperations operations = new SubOperations(context());
  private int refusal = -XenErrno.XEN_EBUSY;
  private long answer = -XenErrno.XEN_ENOSPC;

  SubOperationsTest() {
    operations.add(SubOperation.of(NUMBER, "alloc_unbound", new EvtchnAllocUnbound(), (call, argument, target) -> {
      argument.port(target.id() + 40);
      return answer;
    }).unless(call -> refusal).target(EvtchnAllocUnbound::dom).needs(Privilege.SELF).answers(EvtchnAllocUnbound.PORT, 4));
  }

  private DeviceContext context() {
    hyp.install("twin", new TwinHypercallContractTest().factory());
    return hyp.context("twin");
  }

  private long call(FakeDomain caller, int number, long at) {
    return operations.call(new FakeHypercall(caller.vcpu(0), 32, number, at));
  }

  private long argument(FakeDomain caller, int domid) {
    caller.memory().write32(caller.page(0), domid);
    caller.memory().write32(caller.page(0) + EvtchnAllocUnbound.PORT, 7);
    return caller.page(0);
  }

  @Test
  void errorsComeInXensOrder() {
    assertEquals(-XenErrno.XEN_ENOSYS, call(guest, NUMBER + 1, NOWHERE));
    assertEquals(-XenErrno.XEN_EBUSY, call(guest, NUMBER, NOWHERE));
    refusal = 0;
    assertEquals(-XenErrno.XEN_EFAULT, call(guest, NUMBER, NOWHERE));
    assertEquals(-XenErrno.XEN_ESRCH, call(guest, NUMBER, argument(guest, NO_DOMAIN)));
    assertEquals(-XenErrno.XEN_EPERM, call(guest, NUMBER, argument(guest, 0)));
    assertEquals(-XenErrno.XEN_ENOSPC, call(dom0, NUMBER, argument(dom0, 2)));
    assertEquals(7, dom0.memory().read32(dom0.page(0) + EvtchnAllocUnbound.PORT));
  }

  @Test
  void whatADeclarationSaysIsCopiedBack() {
    refusal = 0;
    answer = 0;
    assertEquals(0, call(dom0, NUMBER, argument(dom0, 2)));
    assertEquals(42, dom0.memory().read32(dom0.page(0) + EvtchnAllocUnbound.PORT));
    assertEquals(2, dom0.memory().read32(dom0.page(0)));
  }

  @Test
  void aNumberIsDeclaredOnce() {
    SubOperation<?> again = SubOperation.of(NUMBER, "send", new EvtchnSend(), (call, send, caller) -> 0);
    assertEquals("sub-operation send: alloc_unbound has its number 6",
        assertThrows(IllegalStateException.class, () -> operations.add(again)).getMessage());
    assertEquals(List.of("alloc_unbound"), operations.operations().stream().map(SubOperation::name).toList());
  }
}
