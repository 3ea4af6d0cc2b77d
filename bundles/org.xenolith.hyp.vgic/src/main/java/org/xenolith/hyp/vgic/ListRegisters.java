// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmVcpu;

/**
 * Moves interrupts into list registers and back. {@link #fold} learns what the guest did with those it has, {@link #fill} gives
 * it what waits, the highest priority first; while more waits than fits, the maintenance interrupt tells when there is room
 * again.
 */
final class ListRegisters {
  private static final int MOST_LISTS = PhysicalGic.MOST_LISTS;
  /** "No interrupt", "no list register". */
  static final int NONE = -1;

  private final PhysicalGic gic;
  private int count;

  ListRegisters(PhysicalGic gic) {
    this.gic = gic;
  }

  /** How many the hardware has. */
  int count(Cpu cpu) {
    if (count == 0) {
      count = gic.lists(cpu);
    }
    return count;
  }

  /** The physical CPU that has a virtual one's registers, or null. */
  static Cpu loaded(DomainGic d, int vcpu) {
    Vcpu v = d.domain() == null ? null : d.domain().vcpu(vcpu);
    return v == null ? null : ArmVcpu.cpu(v);
  }

  // ---- From the list registers

  /** Learns what the guest did with its list registers. */
  void fold(DomainGic d, int vcpu) {
    Cpu cpu = loaded(d, vcpu);
    if (cpu != null) {
      fold(d, vcpu, cpu);
    }
  }

  /** The same for a physical CPU that has them. */
  void fold(DomainGic d, int vcpu, Cpu cpu) {
    int first = vcpu * MOST_LISTS;
    for (int i = 0; i < count(cpu); i++) {
      long was = d.lists[first + i];
      if (was != 0) {
        long now = gic.list(cpu, i);
        // Another number: the controller was taken from the machine.
        if (now != was && gic.intid(now) == gic.intid(was)) {
          settle(d, vcpu, i, now);
          if (d.lists[first + i] == 0 && (now & (gic.active | gic.hardware | gic.tell)) != 0 && (now & gic.hardware) == 0) {
            // It tells as long as that stands there; and an LPI has no active state, whatever the hardware thinks.
            gic.list(cpu, i, 0);
          }
        }
      }
    }
  }

  private void settle(DomainGic d, int vcpu, int index, long now) {
    if (DomainLpis.isLpi(gic.intid(now))) {
      if ((now & gic.pending) == 0) {
        release(d, vcpu, index);
      }
      return;
    }
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
    d.lists[vcpu * MOST_LISTS + index] = 0;
    if (DomainLpis.isLpi(intid)) {
      d.lpis.unlist(intid);
      return;
    }
    int bank = d.bank(vcpu, intid);
    int bit = 1 << intid;
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

  /** Gives a virtual CPU what waits. */
  void fill(DomainGic d, int vcpu, Cpu cpu) {
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
    if (DomainLpis.isLpi(intid)) {
      // It is pending there: once more is the same.
      if (d.lpis.isEnabled(intid)) {
        d.lpis.unpend(intid);
      }
      return;
    }
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
      int slot = slot(d, vcpu, cpu, d.priorityOf(vcpu, intid));
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
  int best(DomainGic d, int vcpu) {
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
    int lpi = d.lpis == null ? NONE : d.lpis.best(vcpu);
    return lpi != NONE && d.lpis.priority(lpi) < bestPriority ? lpi : best;
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
      int own = d.priorityOf(vcpu, intid);
      if ((entry & gic.active) == 0 && own > worstPriority) {
        worst = i;
        worstPriority = own;
      }
    }
    return worst;
  }

  /** Makes the list register of an interrupt that waits. */
  private long take(DomainGic d, int vcpu, int intid) {
    if (DomainLpis.isLpi(intid)) {
      d.lpis.list(intid, vcpu);
      return gic.entry(intid, d.lpis.priority(intid));
    }
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
  void putBack(DomainGic d, int vcpu, int index) {
    long entry = d.lists[vcpu * MOST_LISTS + index];
    int intid = gic.intid(entry);
    if (DomainLpis.isLpi(intid)) {
      release(d, vcpu, index);
      d.lpis.pend(intid, vcpu);
      return;
    }
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
    if (DomainLpis.isLpi(intid)) {
      retractLpi(d, vcpu, intid, keep);
      return;
    }
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

  private void retractLpi(DomainGic d, int vcpu, int intid, boolean keep) {
    Cpu cpu = loaded(d, vcpu);
    if (cpu != null) {
      fold(d, vcpu, cpu);
    }
    for (int i = 0; i < MOST_LISTS; i++) {
      long entry = d.lists[vcpu * MOST_LISTS + i];
      if (entry != 0 && gic.intid(entry) == intid) {
        putBack(d, vcpu, i);
        if (cpu != null) {
          gic.list(cpu, i, 0);
        }
      }
    }
    if (!keep) {
      d.lpis.unpend(intid);
    }
  }
}
