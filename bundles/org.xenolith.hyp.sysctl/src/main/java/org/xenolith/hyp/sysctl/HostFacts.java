// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import java.util.List;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.CpuIdleTime;
import org.xenolith.xen.abi.CpuTopology;
import org.xenolith.xen.abi.NodeMemory;
import org.xenolith.xen.abi.SysctlArgument;
import org.xenolith.xen.abi.SysctlAvailableHeap;
import org.xenolith.xen.abi.SysctlCpuTopologyInfo;
import org.xenolith.xen.abi.SysctlGetCpuInfo;
import org.xenolith.xen.abi.SysctlNumaInfo;
import org.xenolith.xen.abi.SysctlPhysInfo;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/** CPUs, memory and their places: one node, and CPUs without threads that share a socket as the architecture says. */
final class HostFacts {
  /** Distance of a node to itself. */
  private static final int LOCAL = 10;
  private static final int CAPABILITIES = SysctlArgument.XEN_SYSCTL_PHYSCAP_hvm | SysctlArgument.XEN_SYSCTL_PHYSCAP_hap
      | SysctlArgument.XEN_SYSCTL_PHYSCAP_gnttab_v1;

  private final DomainsPort domains;
  private final FrameHeap heap;
  private final ArchitectureFacts architecture;
  private final byte[] element = new byte[64];
  private final AbiBytes elementMemory = new AbiBytes(element);
  private final CpuTopology place = new CpuTopology();
  private final NodeMemory node = new NodeMemory();
  private final CpuIdleTime idle = new CpuIdleTime();

  HostFacts(DomainsPort domains, FrameHeap heap, ArchitectureFacts architecture) {
    this.architecture = architecture;
    this.domains = domains;
    this.heap = heap;
    place.at(elementMemory, 0);
    node.at(elementMemory, 0);
    idle.at(elementMemory, 0);
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_SYSCTL_physinfo, "physinfo", new SysctlPhysInfo(), this::host),
        SubOperation.of(ControlOp.XEN_SYSCTL_cputopoinfo, "cputopoinfo", new SysctlCpuTopologyInfo(), this::topology),
        SubOperation.of(ControlOp.XEN_SYSCTL_numainfo, "numainfo", new SysctlNumaInfo(), this::numa),
        SubOperation.of(ControlOp.XEN_SYSCTL_getcpuinfo, "getcpuinfo", new SysctlGetCpuInfo(), this::times),
        SubOperation.of(ControlOp.XEN_SYSCTL_availheap, "availheap", new SysctlAvailableHeap(), this::available),
        // Xen built without test coverage says so.
        SubOperation.of(ControlOp.XEN_SYSCTL_coverage_op, "coverage_op", call -> -XenErrno.XEN_EOPNOTSUPP));
  }

  private int cpus() {
    return domains.domains().processors().size();
  }

  private long host(Hypercall call, SysctlPhysInfo host, Domain caller) {
    host.zero();
    host.threadsPerCore(1);
    host.coresPerSocket(architecture.coresPerSocket());
    host.nrCpus(cpus());
    host.maxCpuId(cpus() - 1);
    host.nrNodes(1);
    host.maxNodeId(0);
    host.cpuKhz((int) (architecture.hertz() / 1000));
    host.capabilities(CAPABILITIES);
    int[] words = architecture.cpuCapabilities();
    for (int i = 0; i < words.length; i++) {
      host.hwCap(i, words[i]);
    }
    host.totalPages(heap.total());
    host.freePages(heap.free());
    host.maxMfn(heap.end() - 1);
    return 0;
  }

  private long topology(Hypercall call, SysctlCpuTopologyInfo topology, Domain caller) {
    int count = cpus();
    if (topology.cputopo() != 0) {
      count = (int) Math.min(topology.numCpus() & 0xFFFF_FFFFL, count);
      int cores = architecture.coresPerSocket();
      place.node(0);
      for (int i = 0; i < count; i++) {
        place.core(i % cores);
        place.socket(i / cores);
        if (!give(call, topology.cputopo(), i, CpuTopology.SIZE)) {
          return -XenErrno.XEN_EFAULT;
        }
      }
    }
    topology.numCpus(count);
    return 0;
  }

  private long numa(Hypercall call, SysctlNumaInfo numa, Domain caller) {
    int count = 1;
    if (numa.meminfo() != 0 || numa.distance() != 0) {
      count = numa.numNodes() == 0 ? 0 : 1;
    }
    if (count == 1 && numa.meminfo() != 0) {
      node.memsize(heap.total() << 12);
      node.memfree(heap.free() << 12);
      if (!give(call, numa.meminfo(), 0, NodeMemory.SIZE)) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    if (count == 1 && numa.distance() != 0) {
      elementMemory.write32(0, LOCAL);
      if (!give(call, numa.distance(), 0, 4)) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    numa.numNodes(count);
    return 0;
  }

  /** Idle is what no vCPU that is at home on a CPU now has executed; one that moved takes its past along. */
  private long times(Hypercall call, SysctlGetCpuInfo times, Domain caller) {
    int count = (int) Math.min(times.maxCpus() & 0xFFFF_FFFFL, cpus());
    for (int i = 0; i < count; i++) {
      long busy = 0;
      for (Domain domain : domains.domains().all()) {
        for (Vcpu vcpu : domain.vcpus()) {
          busy += vcpu.processor() == i ? vcpu.runstate()[VcpuOp.RUNSTATE_running] : 0;
        }
      }
      idle.idletime(Math.max(0, domains.domains().now() - busy));
      if (!give(call, times.info(), i, CpuIdleTime.SIZE)) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    times.nrCpus(count);
    return 0;
  }

  /** Widths of addresses don't matter: all memory is within reach of all. */
  private long available(Hypercall call, SysctlAvailableHeap available, Domain caller) {
    boolean here = available.node() == -1 || available.node() == 0;
    available.availBytes(here ? heap.free() << 12 : 0);
    return 0;
  }

  /** Writes the element to a place of the caller's array. */
  private boolean give(Hypercall call, long array, int index, int size) {
    return call.write(array + (long) index * size, element, 0, size);
  }
}
