// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.XenErrno;

/** Vectors of virtual CPUs' own by which they are called up: HVMOP_set_evtchn_upcall_vector is 23 (Xen public header {@code hvm/hvm_op.h}). */
class UpcallOperationsTest {
  private static final int HVM_OP = 34;
  private static final int SET_VECTOR = 23;

  private final CoreBench bench = new CoreBench(2);

  private long set(int vcpu, int vector) {
    bench.domain.memory().write32(CoreBench.PAGE, vcpu);
    bench.domain.memory().write32(CoreBench.PAGE + 4, vector);
    return bench.call(HVM_OP, SET_VECTOR, CoreBench.PAGE);
  }

  @Test
  void eachHasAVectorOfItsOwn() {
    assertEquals(0, set(0, 0x10));
    assertEquals(0, set(1, 0xFF));
    assertEquals(0x10, bench.vcpu(0).upcalls.own());
    assertEquals(0xFF, bench.vcpu(1).upcalls.own());
    assertEquals(0, set(1, 0x31));
    assertEquals(0x31, bench.vcpu(1).upcalls.own());
  }

  @Test
  void exceptionsVectorsAndVirtualCpusThatArentThereAreRefused() {
    assertEquals(0, set(1, 0x31));
    assertEquals(-XenErrno.XEN_EINVAL, set(1, 15));
    assertEquals(-XenErrno.XEN_EINVAL, set(9, 0), "the vector is looked at first");
    assertEquals(-XenErrno.XEN_ENOENT, set(2, 0x31));
    assertEquals(-XenErrno.XEN_ENOENT, set(-1, 0x31));
    assertEquals(-XenErrno.XEN_EFAULT, bench.call(HVM_OP, SET_VECTOR, CoreBench.PAGE + (1 << 20)));
    assertEquals(0x31, bench.vcpu(1).upcalls.own());
  }

  @Test
  void aRecordHasIt() {
    set(1, 0x31);
    StateRecord record = bench.model.state().save();
    set(1, 0x42);
    bench.model.state().restore(record);
    bench.model.restored();
    assertEquals(0x31, bench.vcpu(1).upcalls.own());
  }
}
