package org.xenolith.hyp.vgic;

import java.util.Arrays;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.hyp.api.Vcpu;

/**
 * Brings pending interrupts into list registers and back. {@link #fold} learns what the guest did with those it has,
 * {@code fill} gives it what waits, the highest priority first; while more waits than fits, the maintenance interrupt tells
 * when there is room again.
 */
final class Delivery {
  private static final int MOST_LISTS = PhysicalGic.MOST_LISTS;
  private static final int NONE = -1;

  private final PhysicalGic gic;
  private int count;

  Delivery(PhysicalGic gic) {
    this.gic = gic;
  }

  private int count(Cpu cpu) {
    if (count == 0) {
      count = gic.lists(cpu);
    }
    return count;
  }

  private static Cpu loaded(DomainGic d, int vcpu) {
    Vcpu v = d.domain == null ? null : d.domain.vcpu(vcpu);
    return v == null ? null : v.loaded();
  }

  // ---- From the list registers

  /** Learns what the guest did with its list registers. */
  void fold(DomainGic d, int vcpu) {
    Cpu cpu = loaded(d, vcpu);
    if (cpu != null) {
      fold(d, vcpu, cpu);
    }
  }

  private void fold(DomainGic d, int vcpu, Cpu cpu) {
    int first = vcpu * MOST_LISTS;
    for (int i = 0; i < count(cpu); i++) {
      long was = d.lists[first + i];
      if (was != 0) {
        long now = gic.list(cpu, i);
        // Another number: the controller was taken from the machine.
        if (now != was && gic.intid(now) == gic.intid(was)) {
          settle(d, vcpu, i, now);
          if (d.lists[first + i] == 0 && (now & (gic.hardware | gic.tell)) == gic.tell) {
            // It tells as long as that stands there.
            gic.list(cpu, i, 0);
          }
        }
      }
    }
  }

  private void settle(DomainGic d, int vcpu, int index, long now) {
    if ((now & (gic.pending | gic.active)) == 0) {
      release(d, vcpu, index);
      return;
    }
    d.lists[vcpu * MOST_LISTS + index] = now;
    int intid = gic.intid(now);
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    d.active[bank] = (now & gic.active) != 0 ? d.active[bank] | bit : d.active[bank] & ~bit;
  }

  /** A list register is free: its interrupt was ended, or went back to wait. */
  private void release(DomainGic d, int vcpu, int index) {
    long entry = d.lists[vcpu * MOST_LISTS + index];
    int intid = gic.intid(entry);
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    d.lists[vcpu * MOST_LISTS + index] = 0;
    d.listed[bank] &= ~bit;
    d.active[bank] &= ~bit;
    if ((entry & gic.hardware) != 0) {
      d.taken[bank] &= ~bit;
    }
    if (intid >= DomainGic.SPI) {
      d.holder[intid] = 0;
    }
  }

  // ---- Into the list registers

  private void fill(DomainGic d, int vcpu, Cpu cpu) {
    boolean overflow = false;
    if (d.forwards()) {
      for (int i = 0; i < count(cpu); i++) {
        if (d.lists[vcpu * MOST_LISTS + i] != 0) {
          renew(d, vcpu, i, cpu);
        }
      }
      overflow = place(d, vcpu, cpu);
    }
    if (overflow != (d.overflown[vcpu] != 0)) {
      d.overflown[vcpu] = overflow ? 1 : 0;
      gic.control(cpu, true, overflow);
    }
  }

  /** What is in a list register may have become pending again. */
  private void renew(DomainGic d, int vcpu, int index, Cpu cpu) {
    long entry = d.lists[vcpu * MOST_LISTS + index];
    int intid = gic.intid(entry);
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    if ((entry & gic.hardware) != 0 || ((d.latched[bank] | d.level[bank] & ~d.edge[bank]) & bit) == 0) {
      return;
    }
    long renewed = entry;
    if ((d.latched[bank] & d.enabled[bank] & bit) != 0) {
      if (d.version == 2 && intid < 16) {
        renewed = renewGenerated(d, vcpu, intid, entry);
      } else if ((d.taken[bank] & bit) != 0) {
        // A physical interrupt must wait until the one that software made is ended.
        renewed |= gic.tell;
      } else {
        renewed |= gic.pending;
        d.latched[bank] &= ~bit;
      }
    }
    if ((d.level[bank] & ~d.edge[bank] & bit) != 0) {
      renewed |= gic.tell;
    }
    if (renewed != entry) {
      d.lists[vcpu * MOST_LISTS + index] = renewed;
      gic.list(cpu, index, renewed);
    }
  }

  /** An SGI came again: from the same CPU it joins, from another it waits. */
  private long renewGenerated(DomainGic d, int vcpu, int intid, long entry) {
    int at = vcpu * 16 + intid;
    long renewed = entry;
    int same = 1 << gic.source(entry);
    if ((d.sources[at] & same) != 0) {
      renewed |= gic.pending;
      d.sources[at] &= (byte) ~same;
    }
    if (d.sources[at] == 0) {
      d.latched[vcpu] &= ~(1 << intid);
    } else {
      renewed |= gic.tell;
    }
    return renewed;
  }

  /** Places what waits. @return whether something still does */
  private boolean place(DomainGic d, int vcpu, Cpu cpu) {
    for (int intid = best(d, vcpu); intid != NONE; intid = best(d, vcpu)) {
      int slot = slot(d, vcpu, cpu, d.priority(d.bank(vcpu, intid), intid));
      if (slot == NONE) {
        return true;
      }
      if (d.lists[vcpu * MOST_LISTS + slot] != 0) {
        putBack(d, vcpu, slot);
      }
      long entry = take(d, vcpu, intid);
      d.lists[vcpu * MOST_LISTS + slot] = entry;
      gic.list(cpu, slot, entry);
    }
    return false;
  }

  /** The interrupt that waits with the highest priority, of equals the lowest number; {@link #NONE} without one. */
  private int best(DomainGic d, int vcpu) {
    int best = NONE;
    int bestPriority = 0x100;
    int bank = vcpu;
    for (int first = 0; first < d.lines; first += 32) {
      for (int waiting = d.waiting(bank); waiting != 0; waiting &= waiting - 1) {
        int bit = Integer.numberOfTrailingZeros(waiting);
        int intid = first + bit;
        int priority = d.priority(bank, bit);
        if (priority < bestPriority && (first == 0 || d.target(intid) == vcpu)) {
          best = intid;
          bestPriority = priority;
        }
      }
      bank = d.vcpus + (first >> 5);
    }
    return best;
  }

  /** A free list register, or one whose interrupt is only pending and less important. */
  private int slot(DomainGic d, int vcpu, Cpu cpu, int priority) {
    int worst = NONE;
    int worstPriority = priority;
    for (int i = 0; i < count(cpu); i++) {
      long entry = d.lists[vcpu * MOST_LISTS + i];
      if (entry == 0) {
        return i;
      }
      int intid = gic.intid(entry);
      int own = d.priority(d.bank(vcpu, intid), intid);
      if ((entry & gic.active) == 0 && own > worstPriority) {
        worst = i;
        worstPriority = own;
      }
    }
    return worst;
  }

  /** Makes the list register of an interrupt that waits. */
  private long take(DomainGic d, int vcpu, int intid) {
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    long entry = gic.entry(intid, d.priority(bank, intid));
    d.listed[bank] |= bit;
    d.latched[bank] &= ~bit;
    if (d.version == 2 && intid < 16) {
      int at = vcpu * 16 + intid;
      int source = Integer.numberOfTrailingZeros(d.sources[at] & 0xFF) & 7;
      d.sources[at] &= (byte) ~(1 << source);
      entry = gic.withSource(entry, source);
      if (d.sources[at] != 0) {
        d.latched[bank] |= bit;
        entry |= gic.tell;
      }
    } else if ((d.taken[bank] & bit) != 0) {
      entry = gic.withHardware(entry, intid);
    } else if ((d.level[bank] & ~d.edge[bank] & bit) != 0) {
      entry |= gic.tell;
    }
    if (intid >= DomainGic.SPI) {
      d.holder[intid] = vcpu + 1;
    }
    return entry;
  }

  /** Takes an entry that is only pending out of its list register: it waits again. */
  private void putBack(DomainGic d, int vcpu, int index) {
    long entry = d.lists[vcpu * MOST_LISTS + index];
    int intid = gic.intid(entry);
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    boolean taken = (entry & gic.hardware) != 0;
    if (taken || (d.level[bank] & ~d.edge[bank] & bit) == 0) {
      d.latched[bank] |= bit;
    }
    if (d.version == 2 && intid < 16) {
      d.sources[vcpu * 16 + intid] |= (byte) (1 << gic.source(entry));
    }
    release(d, vcpu, index);
    if (taken) {
      d.taken[bank] |= bit;
    }
  }

  /**
   * Takes the pending state of an interrupt out of the list registers of a virtual CPU: it is no longer to be signalled.
   *
   * @param keep whether it waits then, else it is forgotten
   */
  void retract(DomainGic d, int vcpu, int intid, boolean keep) {
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
    int of = intid < DomainGic.SPI ? vcpu : d.holder[intid] - 1;
    if ((d.listed[bank] & bit) == 0 || of < 0) {
      return;
    }
    Cpu cpu = loaded(d, of);
    if (cpu != null) {
      fold(d, of, cpu);
    }
    for (int i = 0; i < MOST_LISTS; i++) {
      int at = of * MOST_LISTS + i;
      long entry = d.lists[at];
      if (entry == 0 || gic.intid(entry) != intid || (entry & gic.pending) == 0) {
        continue;
      }
      if ((entry & gic.active) == 0) {
        putBack(d, of, i);
      } else {
        d.lists[at] = entry & ~gic.pending;
        d.latched[bank] |= bit;
        if (d.version == 2 && intid < 16) {
          d.sources[of * 16 + intid] |= (byte) (1 << gic.source(entry));
        }
      }
      if (cpu != null) {
        gic.list(cpu, i, d.lists[at]);
      }
    }
    if (!keep) {
      d.latched[bank] &= ~bit;
      if (d.version == 2 && intid < 16) {
        d.sources[of * 16 + intid] = 0;
      }
    }
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
      fold(d, of);
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
        fold(d, of);
      }
    }
    return d.active[bank];
  }

  // ---- Events

  /** Something changed for a virtual CPU: gives it what waits, and wakes it if it would take an interrupt. */
  void deliver(DomainGic d, int vcpu) {
    Vcpu v = d.domain == null ? null : d.domain.vcpu(vcpu);
    if (v == null) {
      return;
    }
    Cpu cpu = v.loaded();
    if (cpu != null) {
      fold(d, vcpu, cpu);
      fill(d, vcpu, cpu);
    }
    if ((cpu == null || v.blocked()) && deliverable(d, vcpu, cpu)) {
      v.wake();
    }
  }

  /** A shared interrupt changed: tells who has it or gets it. */
  void deliverShared(DomainGic d, int intid) {
    int holder = d.holder[intid] - 1;
    if (holder >= 0) {
      fold(d, holder);
    }
    deliver(d, d.holder[intid] > 0 ? d.holder[intid] - 1 : d.target(intid));
  }

  /** Whether a virtual CPU would take an interrupt. */
  boolean deliverable(DomainGic d, int vcpu) {
    Cpu cpu = loaded(d, vcpu);
    if (cpu != null) {
      fold(d, vcpu, cpu);
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
    int waiting = best(d, vcpu);
    return waiting != NONE && d.priority(d.bank(vcpu, waiting), waiting) < mask;
  }

  // ---- Switches

  /** A virtual CPU leaves a physical one. */
  void save(DomainGic d, int vcpu, Cpu cpu) {
    fold(d, vcpu, cpu);
    gic.saveInterface(cpu, d.interfaces, vcpu * PhysicalGic.INTERFACE);
    gic.control(cpu, false, false);
  }

  /** A virtual CPU comes to a physical one. */
  void load(DomainGic d, int vcpu, Cpu cpu) {
    gic.loadInterface(cpu, d.interfaces, vcpu * PhysicalGic.INTERFACE);
    for (int i = 0; i < count(cpu); i++) {
      gic.list(cpu, i, d.lists[vcpu * MOST_LISTS + i]);
    }
    d.overflown[vcpu] = 0;
    gic.control(cpu, true, false);
    fill(d, vcpu, cpu);
  }

  /** A virtual CPU was reset: its interface is, and what was pending or active for it alone is forgotten. */
  void reset(DomainGic d, int vcpu) {
    Cpu cpu = loaded(d, vcpu);
    if (cpu != null) {
      fold(d, vcpu, cpu);
    }
    for (int i = 0; i < MOST_LISTS; i++) {
      if (d.lists[vcpu * MOST_LISTS + i] != 0) {
        putBack(d, vcpu, i);
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
