// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;

/** What mapping windows of devices costs a Dom0 from now on: accesses that stage 2 ends, hypercalls, and of them those that ask for windows. */
final class MappingCounts {
  /** Data abort from below (Arm ARM, ESR_EL2). */
  private static final int DATA_ABORT = 0x24;
  /** ISS of ESR_EL2. */
  private static final int SYNDROME = 0x1FF_FFFF;

  private long accesses;
  private long batches;
  private long hypercalls;

  MappingCounts(HypervisorGuest guest) {
    DomainsPort domains = Counters.port(guest.machine(), DomainsPort.class);
    Counters.port(guest.machine(), HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> {
      if (kind == Kind.TRAP && a == DATA_ABORT && domains.domains().processors().stream().map(processor -> processor.as(Cpu.class))
          .anyMatch(cpu -> cpu.sys[SysReg.ELR_EL2.ordinal()] == c && (cpu.sys[SysReg.ESR_EL2.ordinal()] & SYNDROME) == b
              && isDevice((cpu.sys[SysReg.HPFAR_EL2.ordinal()] & ~0xFL) << 8))) {
        accesses++;
      } else if (kind == Kind.HYPERCALL) {
        hypercalls++;
        batches += a == HypercallNumber.__HYPERVISOR_memory_op && b == MemoryOp.XENMEM_add_to_physmap_batch ? 1 : 0;
      }
    });
  }

  /** Not the interrupt controller and configuration space, whose accesses are always trapped. */
  private static boolean isDevice(long address) {
    return address < 0x0800_0000L || address >= 0x0900_0000L && address < 0x4000_0000L;
  }

  long accesses() {
    return accesses;
  }

  long batches() {
    return batches;
  }

  long hypercalls() {
    return hypercalls;
  }
}
