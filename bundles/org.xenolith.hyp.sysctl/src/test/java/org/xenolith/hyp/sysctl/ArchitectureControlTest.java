// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.CpuTopology;
import org.xenolith.xen.abi.Sysctl;
import org.xenolith.xen.abi.SysctlCpuLevellingCaps;
import org.xenolith.xen.abi.SysctlCpuTopologyInfo;
import org.xenolith.xen.abi.SysctlPhysInfo;
import org.xenolith.xen.abi.XenErrno;

/** What sysctl has from the architecture that it runs on. */
class ArchitectureControlTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor(4);
  private final FakeDomain dom0 = hypervisor.dom0(2);
  private final FakeDomain guest = hypervisor.domU(5, 1);
  private final long room = dom0.page(2);

  ArchitectureControlTest() {
    hypervisor.install("sysctl", new SysctlComponent());
  }

  private <T extends AbiStruct> T argument(T view) {
    view.at(dom0.memory(), dom0.page(1) + Sysctl.ARGUMENT);
    return view;
  }

  private <T extends AbiStruct> T room(T view, long offset) {
    view.at(dom0.memory(), room + offset);
    return view;
  }

  private static long call(FakeVcpu vcpu, int operation) {
    Sysctl frame = new Sysctl();
    frame.at(vcpu.domain().memory(), vcpu.domain().page(1));
    frame.cmd(operation);
    frame.interfaceVersion(ControlOp.XEN_SYSCTL_INTERFACE_VERSION);
    return vcpu.call(35, vcpu.domain().page(1));
  }

  private void works(int operation) {
    assertEquals(0, call(dom0.vcpu(0), operation));
  }

  @Test
  void theArchitecturesWordsSocketsAndOperationsAreTold() {
    hypervisor.port(ArchitectureFactsPort.class).attach(new ArchitectureFacts() {
      @Override
      public String capabilities() {
        return "";
      }

      @Override
      public int features(Domain domain) {
        return 0;
      }

      @Override
      public long virtualStart() {
        return 0;
      }

      @Override
      public int[] cpuCapabilities() {
        return new int[] {1, 2, 3, 4, 5, 6, 7, 8};
      }

      @Override
      public int coresPerSocket() {
        return 2;
      }

      @Override
      public long hertz() {
        return 2_000_000;
      }

      @Override
      public String trap(long cause, long detail) {
        return "";
      }
    }, hypervisor.context("other"));
    works(ControlOp.XEN_SYSCTL_physinfo);
    SysctlPhysInfo host = argument(new SysctlPhysInfo());
    assertEquals(8, host.hwCap(7));
    assertEquals(2, host.coresPerSocket());
    SysctlCpuTopologyInfo topology = argument(new SysctlCpuTopologyInfo());
    topology.cputopo(room);
    topology.numCpus(4);
    works(ControlOp.XEN_SYSCTL_cputopoinfo);
    assertEquals(1, room(new CpuTopology(), 3L * CpuTopology.SIZE).core());
    assertEquals(1, room(new CpuTopology(), 3L * CpuTopology.SIZE).socket());
    hypervisor.port(ControlOperationsPort.class).claim(35, hypervisor.context("other"), List.of(SubOperation.of(
        ControlOp.XEN_SYSCTL_get_cpu_levelling_caps, "get_cpu_levelling_caps", new SysctlCpuLevellingCaps(), (call, levels, caller) -> {
          levels.caps(77);
          return 0;
        })));
    works(ControlOp.XEN_SYSCTL_get_cpu_levelling_caps);
    assertEquals(77, argument(new SysctlCpuLevellingCaps()).caps());
    assertEquals(-XenErrno.XEN_EPERM, call(guest.vcpu(0), ControlOp.XEN_SYSCTL_get_cpu_levelling_caps));
  }
}
