// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.Arrays;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmVcpu;

/** What becomes of interrupts that are pending for virtual CPUs: to list registers, to a wake-up, or waiting. */
final class Delivery {
  private static final int MOST_LISTS = PhysicalGic.MOST_LISTS;

  private final PhysicalGic gic;
  private final ListRegisters registers;

  Delivery(PhysicalGic gic) {
    this.gic = gic;
    registers = new ListRegisters(gic);
  }

  /** Learns what a guest did with its list registers. */
  void fold(DomainGic d, int vcpu) {
    registers.fold(d, vcpu);
  }

  /** Takes the pending state of an interrupt out of list registers: {@link ListRegisters#retract}. */
  void retract(DomainGic d, int vcpu, int intid, boolean keep) {
    registers.retract(d, vcpu, intid, keep);
  }

  /** The distributor forwards nothing any more: what is only pending goes back to wait. */
  void withdraw(DomainGic d) {
    for (int vcpu = 0; vcpu < d.vcpus; vcpu++) {
      for (int i = 0; i < MOST_LISTS; i++) {
        long entry = d.lists[vcpu * MOST_LISTS + i];
        if (entry != 0) {
          retract(d, vcpu, gic.intid(entry), true);
        }
      }
    }
  }

  /** A virtual CPU sends a software-generated interrupt to another one or itself. */
  void generate(DomainGic d, int to, int intid, int from) {
    if (d.version == 2) {
      d.sources[to * 16 + intid] |= (byte) (1 << (from & 7));
    }
    d.latched[to] |= 1 << intid;
    deliver(d, to);
  }

  /** Pending interrupts of a bank as the guest sees them: those that wait and those in list registers. */
  int pending(DomainGic d, int vcpu, int firstIntid) {
    int bank = d.bank(vcpu, firstIntid);
    int pending = d.latched[bank] | d.level[bank] & ~d.edge[bank];
    for (int of = 0; of < d.vcpus && d.listed[bank] != 0; of++) {
      if (firstIntid < DomainGic.SPI && of != vcpu) {
        continue;
      }
      registers.fold(d, of);
      for (int i = 0; i < MOST_LISTS; i++) {
        long entry = d.lists[of * MOST_LISTS + i];
        int intid = gic.intid(entry);
        if ((entry & gic.pending) != 0 && intid >> 5 == firstIntid >> 5) {
          pending |= 1 << intid;
        }
      }
    }
    return pending;
  }

  /** Active interrupts of a bank. */
  int active(DomainGic d, int vcpu, int firstIntid) {
    int bank = d.bank(vcpu, firstIntid);
    for (int of = 0; of < d.vcpus && d.listed[bank] != 0; of++) {
      if (firstIntid >= DomainGic.SPI || of == vcpu) {
        registers.fold(d, of);
      }
    }
    return d.active[bank];
  }

  // ---- Events

  /** Something changed for a virtual CPU: gives it what waits, and wakes it if it would take an interrupt. */
  void deliver(DomainGic d, int vcpu) {
    Vcpu v = d.domain() == null ? null : d.domain().vcpu(vcpu);
    if (v == null) {
      return;
    }
    Cpu cpu = ArmVcpu.cpu(v);
    if (cpu != null) {
      registers.fold(d, vcpu, cpu);
      registers.fill(d, vcpu, cpu);
    }
    if ((cpu == null || v.blocked()) && deliverable(d, vcpu, cpu)) {
      v.wake();
    }
  }

  /** Learns what the guest did with a shared interrupt. */
  void foldShared(DomainGic d, int intid) {
    int holder = d.holder[intid] - 1;
    if (holder >= 0) {
      registers.fold(d, holder);
    }
  }

  /** A shared interrupt changed: tells who has it or gets it. */
  void deliverShared(DomainGic d, int intid) {
    foldShared(d, intid);
    deliver(d, d.holder[intid] > 0 ? d.holder[intid] - 1 : d.target(intid));
  }

  /** Whether a virtual CPU would take an interrupt. */
  boolean deliverable(DomainGic d, int vcpu) {
    Cpu cpu = ListRegisters.loaded(d, vcpu);
    if (cpu != null) {
      registers.fold(d, vcpu, cpu);
    }
    return deliverable(d, vcpu, cpu);
  }

  private boolean deliverable(DomainGic d, int vcpu, Cpu cpu) {
    long control = cpu != null ? gic.machineControl(cpu) : d.interfaces[vcpu * PhysicalGic.INTERFACE];
    if (!gic.groupEnabled(control)) {
      return false;
    }
    int mask = gic.priorityMask(control);
    for (int i = 0; i < MOST_LISTS; i++) {
      long entry = d.lists[vcpu * MOST_LISTS + i];
      if ((entry & gic.pending) != 0 && (entry & gic.active) == 0 && gic.priority(entry) < mask) {
        return true;
      }
    }
    if (!d.forwards()) {
      return false;
    }
    int waiting = registers.best(d, vcpu);
    return waiting != ListRegisters.NONE && d.priorityOf(vcpu, waiting) < mask;
  }

  // ---- Switches

  /** A virtual CPU leaves a physical one. */
  void save(DomainGic d, int vcpu, Cpu cpu) {
    registers.fold(d, vcpu, cpu);
    gic.saveInterface(cpu, d.interfaces, vcpu * PhysicalGic.INTERFACE);
    gic.control(cpu, false, false);
  }

  /** A virtual CPU comes to a physical one. */
  void load(DomainGic d, int vcpu, Cpu cpu) {
    gic.loadInterface(cpu, d.interfaces, vcpu * PhysicalGic.INTERFACE);
    for (int i = 0; i < registers.count(cpu); i++) {
      gic.list(cpu, i, d.lists[vcpu * MOST_LISTS + i]);
    }
    d.overflown[vcpu] = 0;
    gic.control(cpu, true, false);
    registers.fill(d, vcpu, cpu);
  }

  /** A virtual CPU was reset: its interface is, and what was pending or active for it alone is forgotten. */
  void reset(DomainGic d, int vcpu) {
    Cpu cpu = ListRegisters.loaded(d, vcpu);
    if (cpu != null) {
      registers.fold(d, vcpu, cpu);
    }
    for (int i = 0; i < MOST_LISTS; i++) {
      if (d.lists[vcpu * MOST_LISTS + i] != 0) {
        registers.putBack(d, vcpu, i);
      }
    }
    d.latched[vcpu] = 0;
    Arrays.fill(d.sources, vcpu * 16, vcpu * 16 + 16, (byte) 0);
    Arrays.fill(d.interfaces, vcpu * PhysicalGic.INTERFACE, (vcpu + 1) * PhysicalGic.INTERFACE, 0);
    if (cpu != null) {
      load(d, vcpu, cpu);
    }
  }
}
