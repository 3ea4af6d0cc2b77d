package org.xenolith.hyp.physdev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenErrno;

class PhysicalDeviceTest {
  private static final int CALL = 33;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);

  @Test void noSubOperationIsThereOnArm() {
    hyp.install("physdev", new PhysicalDeviceComponent());
    for (int op = -1; op < 40; op++) {
      assertEquals(-XenErrno.XEN_ENOSYS, dom0.vcpu(0).call(CALL, op, dom0.page(0)), "operation " + op);
    }
    assertTrue(hyp.port(Hypercalls.class).served(CALL));
  }

  @Test void aDomainSeesNoDifferenceWithoutIt() {
    hyp.install("physdev", new PhysicalDeviceComponent());
    hyp.replace("physdev", new PhysicalDeviceComponent());
    assertTrue(hyp.port(Hypercalls.class).served(CALL));
    hyp.remove("physdev");
    assertFalse(hyp.port(Hypercalls.class).served(CALL));
    assertEquals(-XenErrno.XEN_ENOSYS, dom0.vcpu(0).call(CALL, 25, dom0.page(0)));
  }
}
