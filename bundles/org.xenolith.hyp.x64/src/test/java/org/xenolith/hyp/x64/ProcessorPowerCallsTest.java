// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.PlatformProcessorPm;
import org.xenolith.xen.abi.XenErrno;

/** What the hardware domain hands over of C and P states, on a machine of two CPUs: Linux' xen-acpi-processor says an error for each that is refused. */
class ProcessorPowerCallsTest {
  private static final long NOWHERE = 0x7FFF_0000_0000L;
  private final PlatformOperationsPort commands = new PlatformOperationsPort();
  private final FakeContext owner = new FakeContext(FakeNode.at("/hypervisor").build());
  private final FakeDomain dom0 = new FakeHypervisor().dom0(1);
  private final FakeHypercall call = new FakeHypercall(dom0.vcpu(0), HypercallNumber.__HYPERVISOR_platform_op);
  private final PlatformProcessorPm info = new PlatformProcessorPm();
  private final AbiBytes frame = new AbiBytes(new byte[PlatformProcessorPm.SIZE]);
  private long states;

  @BeforeEach
  void claim() {
    new ProcessorPowerCalls(2).claim(commands, owner);
    states = dom0.page(0);
    info.at(frame, 0);
  }

  private long answer(int id, int type) {
    info.id(id);
    info.type(type);
    commands.find(PlatformOp.XENPF_set_processor_pminfo).argument().at(frame, 0);
    return commands.serve(PlatformOp.XENPF_set_processor_pminfo, call);
  }

  @Test
  void statesOfACpuThatThereIsAreTaken() {
    info.powerCount(3);
    info.powerStates(states);
    assertEquals(0, answer(0, PlatformOp.XEN_PM_CX));
    assertEquals(0, answer(1, PlatformOp.XEN_PM_CX));
    assertEquals(-XenErrno.XEN_EINVAL, answer(2, PlatformOp.XEN_PM_CX));
    assertEquals(-XenErrno.XEN_EINVAL, answer(-1, PlatformOp.XEN_PM_CX));
    info.powerStates(NOWHERE);
    assertEquals(-XenErrno.XEN_EFAULT, answer(0, PlatformOp.XEN_PM_CX));
    info.powerCount(0);
    assertEquals(0, answer(0, PlatformOp.XEN_PM_CX));
  }

  /** A guest's number is no reason to read for hours. */
  @Test
  void noMoreStatesAreReadThanThereMayBe() {
    info.powerCount(-1);
    info.powerStates(states);
    assertEquals(0, answer(0, PlatformOp.XEN_PM_CX));
  }

  @Test
  void performanceStatesAreLookedAt() {
    info.perfFlags(PlatformOp.XEN_PX_PCT | PlatformOp.XEN_PX_PSS | PlatformOp.XEN_PX_PPC | PlatformOp.XEN_PX_PSD);
    info.perfStateCount(2);
    info.perfStates(states);
    info.perfSharedType(2);
    assertEquals(0, answer(1, PlatformOp.XEN_PM_PX));
    assertEquals(-XenErrno.XEN_EINVAL, answer(7, PlatformOp.XEN_PM_PX));
    info.perfControlRegisterSpaceId(1);
    assertEquals(-XenErrno.XEN_EINVAL, answer(1, PlatformOp.XEN_PM_PX), "registers in two spaces");
    info.perfStatusRegisterSpaceId(1);
    info.perfStateCount(1);
    assertEquals(-XenErrno.XEN_EINVAL, answer(1, PlatformOp.XEN_PM_PX), "one state");
    info.perfStateCount(2);
    info.perfStates(NOWHERE);
    assertEquals(-XenErrno.XEN_EFAULT, answer(1, PlatformOp.XEN_PM_PX));
    info.perfStates(states);
    info.perfSharedType(0);
    assertEquals(-XenErrno.XEN_EINVAL, answer(1, PlatformOp.XEN_PM_PX), "shared in no way");
    info.perfFlags(PlatformOp.XEN_PX_PPC);
    assertEquals(0, answer(1, PlatformOp.XEN_PM_PX), "what isn't there isn't looked at");
  }

  @Test
  void capabilitiesAreOfOneProcessorOrOfAll() {
    info.pdc(states);
    assertEquals(-XenErrno.XEN_EINVAL, answer(0, PlatformOp.XEN_PM_PDC), "no revision");
    dom0.memory().write32(states, 1);
    dom0.memory().write32(states + 4, 1);
    assertEquals(0, answer(0, PlatformOp.XEN_PM_PDC));
    assertEquals(0, answer(-1, PlatformOp.XEN_PM_PDC));
    assertEquals(-XenErrno.XEN_EINVAL, answer(2, PlatformOp.XEN_PM_PDC));
    info.pdc(NOWHERE);
    assertEquals(-XenErrno.XEN_EFAULT, answer(0, PlatformOp.XEN_PM_PDC));
  }

  @Test
  void throttlingAndOtherTypesAreRefusedAndItIsTheHardwareDomains() {
    assertEquals(-XenErrno.XEN_ENOSYS, answer(0, PlatformOp.XEN_PM_TX));
    assertEquals(-XenErrno.XEN_EINVAL, answer(0, 4));
    assertEquals(Privilege.HARDWARE, commands.find(PlatformOp.XENPF_set_processor_pminfo).privilege());
    commands.release(owner);
    assertNull(commands.find(PlatformOp.XENPF_set_processor_pminfo));
  }
}
