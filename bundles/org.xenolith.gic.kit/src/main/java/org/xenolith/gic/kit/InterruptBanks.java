// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * What a distributor knows of every interrupt (Arm IHI 0048B, chapter 3 and 4.3; Arm IHI 0069H, chapter 4). Bit sets hold 32 interrupts a
 * word, called a bank: bank {@code cpu} has the SGIs and PPIs of a CPU, the banks behind those of all CPUs have the shared interrupts.
 */
public class InterruptBanks {
  /** First shared interrupt. */
  public static final int SPI = 32;
  /** "No interrupt". */
  public static final int SPURIOUS = 1023;
  /** The numbers from here on are special. */
  private static final int FIRST_SPECIAL = 1020;

  /** CPUs that are served. */
  public final int cpus;
  /** Interrupt numbers are below this. */
  public final int lines;
  /** GICD_CTLR: forwarding of group 0 (bit 0) and group 1 (bit 1). */
  public final LongCell control;
  /** One: group 1. */
  public final int[] group;
  /** One: forwarded. */
  public final int[] enabled;
  /** Active: acknowledged and not yet deactivated. */
  public final int[] active;
  /** One: edge-triggered. */
  public final int[] edge;
  /** Pending because of an edge, an SGI or a write to ISPENDR. */
  private final int[] latched;
  /** Level of the input. */
  private final int[] level;
  private final int words;
  private final int privateBanks;
  /** Derived: words, of 32 shared interrupts each, that have something latched or an input high; perhaps others. */
  private int occupied;
  /** Derived: shared interrupts that go to a CPU, by CPU and word. */
  private final int[] goes;
  private byte[] priority;

  /**
   * Declares the state, but for priorities.
   *
   * @param privateBanks banks of private interrupts, at least one for each CPU
   * @param lines a multiple of 32
   * @see #declarePriorities
   */
  protected InterruptBanks(DeviceState state, int cpus, int privateBanks, int lines) {
    this.cpus = cpus;
    this.lines = lines;
    this.privateBanks = privateBanks;
    words = lines / 32;
    int banks = privateBanks + words - 1;
    control = state.cell("GICD_CTLR", 0);
    group = state.ints("group", banks);
    enabled = state.ints("enabled", banks);
    latched = state.ints("latched", banks);
    level = state.ints("level", banks);
    active = state.ints("active", banks);
    edge = state.ints("edge", banks);
    goes = new int[cpus * words];
  }

  /** Declares the priorities, at their place in the version's record. */
  protected final void declarePriorities(DeviceState state) {
    priority = state.bytes("priority", group.length * 32);
  }

  /** Says whether a shared interrupt goes to a CPU. */
  protected final void goes(int id, int cpu, boolean there) {
    int at = cpu * words + (id >> 5);
    int bit = 1 << id;
    goes[at] = there ? goes[at] | bit : goes[at] & ~bit;
    // Where all are said anew, state was restored.
    occupied |= 1 << (id >> 5);
  }

  /** The bank that holds an interrupt for a CPU. */
  public final int bank(int cpu, int id) {
    return id < SPI ? cpu : privateBanks - 1 + (id >> 5);
  }

  /** 0 to 255; 0 is the highest. */
  public final int priority(int bank, int id) {
    return priority[bank * 32 + (id & 31)] & 0xFF;
  }

  public final void setPriority(int bank, int id, int value) {
    priority[bank * 32 + (id & 31)] = (byte) value;
  }

  /** Pending interrupts of a bank: latched, or level-sensitive with the input high. */
  public final int pending(int bank) {
    return latched[bank] | level[bank] & ~edge[bank];
  }

  /** Makes interrupts of a bank pending until {@link #unlatch}. */
  public final void latch(int bank, int bits) {
    latched[bank] |= bits;
    occupy(bank);
  }

  /** Takes back what made interrupts of a bank pending, but for inputs that are high. */
  public final void unlatch(int bank, int bits) {
    latched[bank] &= ~bits;
  }

  private void occupy(int bank) {
    if (bank >= privateBanks) {
      occupied |= 1 << bank - privateBanks + 1;
    }
  }

  public boolean isGroup1(int cpu, int id) {
    return (group[bank(cpu, id)] >> id & 1) != 0;
  }

  /**
   * The interrupt forwarded to {@code cpu}: of those pending, enabled, not active, going there and of a forwarded group the one with the
   * highest priority, of equals the lowest number; {@link #SPURIOUS} without one.
   */
  public int highest(int cpu) {
    int groups = (int) control.value & 3;
    int best = best(cpu, cpu, ready(cpu, groups), SPURIOUS);
    for (int left = occupied; left != 0; left &= left - 1) {
      int word = Integer.numberOfTrailingZeros(left);
      int bank = privateBanks - 1 + word;
      if ((latched[bank] | level[bank]) == 0) {
        occupied &= ~(1 << word);
      } else {
        best = best(cpu, bank, ready(bank, groups) & goes[cpu * words + word], best);
      }
    }
    return best;
  }

  /** Those of a bank that are pending, enabled, not active and of a forwarded group. */
  private int ready(int bank, int groups) {
    int forwarded = ((groups & 1) != 0 ? ~group[bank] : 0) | ((groups & 2) != 0 ? group[bank] : 0);
    return pending(bank) & enabled[bank] & ~active[bank] & forwarded;
  }

  /** The one with the highest priority among some of a bank, and the best before. */
  private int best(int cpu, int bank, int candidates, int before) {
    int best = before;
    int bestPriority = before == SPURIOUS ? 0x100 : priority(bank(cpu, before), before);
    int first = bank < privateBanks ? 0 : (bank - privateBanks + 1) * 32;
    for (int left = candidates; left != 0; left &= left - 1) {
      int bit = Integer.numberOfTrailingZeros(left);
      int p = priority(bank, bit);
      if (p < bestPriority) {
        best = first + bit;
        bestPriority = p;
      }
    }
    return best;
  }

  public final void deactivate(int cpu, int id) {
    active[bank(cpu, id)] &= ~(1 << id);
  }

  /** Drives one input. */
  public final void input(int cpu, int id, boolean high) {
    int bank = bank(cpu, id);
    int bit = 1 << id;
    if (high && (level[bank] & bit) == 0) {
      latched[bank] |= bit & edge[bank];
    }
    level[bank] = high ? level[bank] | bit : level[bank] & ~bit;
    occupy(bank);
  }

  /**
   * Drives an input of a device.
   *
   * @param cpu whose private one; less than 0 if the device has one wire, which every CPU's input shares
   * @return whether it concerns more CPUs than that one
   */
  public final boolean drive(int id, int cpu, boolean high) {
    if (id >= SPI) {
      input(0, id, high);
      return true;
    }
    if (cpu >= 0) {
      input(cpu, id, high);
      return false;
    }
    for (int each = 0; each < cpus; each++) {
      input(each, id, high);
    }
    return true;
  }

  /** The input that an interrupt specifier names by the bindings of Arm's controllers: type (0 shared, 1 private), number in it; -1 for none. */
  public final int specified(int[] specifier) {
    if (specifier.length < 2) {
      return -1;
    }
    int number = specifier[1];
    return switch (specifier[0]) {
      case 0 -> number >= 0 && number < Math.min(lines, FIRST_SPECIAL) - SPI ? SPI + number : -1;
      case 1 -> number >= 0 && number < 16 ? 16 + number : -1;
      default -> -1;
    };
  }
}
