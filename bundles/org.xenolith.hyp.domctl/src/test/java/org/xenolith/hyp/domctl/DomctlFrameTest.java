// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.XenErrno;

/** Who may call domctl with which frames, and that no frame does harm. */
class DomctlFrameTest {
  private final Tools tools = new Tools();

  @Test
  void anotherInterfaceVersionIsRefused() {
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    tools.frame.interfaceVersion(0x14);
    assertEquals(-XenErrno.XEN_EACCES, tools.dom0.vcpu(0).call(36, tools.at));
  }

  @Test
  void frameThatCannotBeReadIsAFault() {
    assertEquals(-XenErrno.XEN_EFAULT, tools.dom0.vcpu(0).call(36, 0x10));
  }

  @Test
  void unknownOperationsAndThoseOfOtherArchitecturesAreNotThere() {
    for (int operation : new int[] {0, 6, 22, 28, 33, 36, 54, 61, 84, 87, 1000, -1, Integer.MAX_VALUE}) {
      tools.refuses(XenErrno.XEN_ENOSYS, operation, 5);
    }
  }

  @Test
  void unknownDomainComesBeforePermissionAndPermissionBeforeTheOperation() {
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_pausedomain, 9);
    assertEquals(-XenErrno.XEN_ESRCH, tools.call(tools.guest.vcpu(0), ControlOp.XEN_DOMCTL_pausedomain, 9));
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), ControlOp.XEN_DOMCTL_pausedomain, 0));
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), 1000, 0));
  }

  @Test
  void guestMayDoNothingNotEvenToItself() {
    for (int operation = 0; operation < 128; operation++) {
      int domid = 5;
      assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), operation, domid), "operation " + operation);
    }
    assertEquals(0, tools.guest.pauseCount());
    assertEquals(2, tools.hypervisor.all().size());
  }

  @Test
  void nothingThatACallerCanSayThrows() {
    long seed = 20_261_120;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] frame = new byte[Domctl.SIZE];
    for (int i = 0; i < 200_000; i++) {
      random.nextBytes(frame);
      tools.dom0.memory().write(tools.at, frame, 0, frame.length);
      if (random.nextInt(3) > 0) {
        for (int field = Domctl.ARGUMENT; field + 8 <= Domctl.SIZE; field += 8) {
          int kind = random.nextInt(5);
          long value = kind == 0 ? tools.room : kind == 1 ? random.nextInt(8) : kind == 2 ? -1L << random.nextInt(64)
              : kind == 3 ? random.nextInt(70) | (long) random.nextInt(70) << 32 : random.nextLong();
          tools.dom0.memory().write64(tools.at + field, value);
        }
      }
      int operation = random.nextInt(90);
      if (operation == ControlOp.XEN_DOMCTL_createdomain && tools.hypervisor.all().size() > 8) {
        continue;
      }
      if (operation == ControlOp.XEN_DOMCTL_destroydomain && tools.frame.domain() == 5) {
        continue;
      }
      tools.call(operation, random.nextInt(4) == 0 ? random.nextInt(0x10000) : 5);
      assertTrue(tools.hypervisor.port(HypercallsPort.class).served(36), "it threw");
    }
  }
}
