// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import java.util.Map;
import java.util.UUID;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;

/** Stage 2 under test on a CPU that walks it: what the CPU finds is what counts. */
final class Board {
  static final long RAM_FRAME = FakeMachine.RAM >>> 12;
  private static final long VM = 1;
  private static final long DC = 1 << 12;
  private static final long RW = 1L << 31;

  final FakeHypervisor hypervisor;
  final FrameHeap heap;
  final P2mPort p2m;
  final MachineMemory memory;
  final Cpu cpu;

  Board() {
    this(Map.of());
  }

  /** @param options of the hypervisor's node */
  Board(Map<String, String> options) {
    hypervisor = new FakeHypervisor(2, options);
    heap = hypervisor.port(FrameHeapPort.class);
    p2m = hypervisor.port(P2mPort.class);
    memory = hypervisor.memory();
    cpu = hypervisor.machine().cpus().getFirst();
    hypervisor.install("p2m", new P2mComponent());
  }

  FakeDomain domain(int id, DomainSpec.Kind kind, long maxPages) {
    FakeDomain domain = hypervisor.create(id, new DomainSpec("d" + id, new UUID(0, id), 1, maxPages, kind, 31, 256, 0));
    domain.unpause();
    return domain;
  }

  FakeDomain guest(int id) {
    return domain(id, DomainSpec.Kind.DOMU, 4096);
  }

  /** Has the CPU run a domain: stage 1 off, its memory cacheable. */
  void load(Domain domain) {
    cpu.el2.write(SysReg.VTCR_EL2, p2m.control());
    cpu.el2.write(SysReg.VTTBR_EL2, p2m.root(domain));
    cpu.el2.write(SysReg.HCR_EL2, VM | DC | RW);
  }

  /** PAR_EL1 for a domain's address. */
  long walk(Domain domain, long ipa, boolean write) {
    load(domain);
    return cpu.el2.translate(ipa, write, false);
  }

  /** The machine address that the CPU finds; -1 if it faults. */
  long machine(Domain domain, long ipa, boolean write) {
    long par = walk(domain, ipa, write);
    return (par & 1) != 0 ? -1 : par & 0xFFFF_FFFF_F000L | ipa & 0xFFF;
  }

  /** Reads through the TLB of the domain that is loaded; -1 for a fault. */
  long read(long ipa) {
    try {
      return cpu.memory.read(ipa, 8);
    } catch (GuestFault fault) {
      return -1;
    }
  }

  /** Whether the CPU may execute there, as EL0. */
  boolean executes(Domain domain, long ipa) {
    load(domain);
    try {
      cpu.mmu.code(ipa);
      return true;
    } catch (GuestFault fault) {
      return false;
    }
  }
}
