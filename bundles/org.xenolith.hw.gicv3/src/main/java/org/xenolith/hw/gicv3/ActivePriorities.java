// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.regs.DeviceState;

/** AP0Rn and AP1Rn of all CPUs, physical or virtual: active preemption levels; the lowest bit is the highest priority. */
final class ActivePriorities {
  static final int IDLE = 0x100;
  private static final int WORDS = 4;

  private final int levelShift;
  /** By CPU, group and word. */
  private final int[] words;

  /**
   * @param name       of the state
   * @param levelShift priority bits below a preemption level
   */
  ActivePriorities(DeviceState state, String name, int cpus, int levelShift) {
    this.levelShift = levelShift;
    words = state.ints(name, cpus * 2 * WORDS);
  }

  private static int at(int cpu, int group) {
    return (cpu * 2 + group) * WORDS;
  }

  int read(int cpu, int group, int word) {
    return words[at(cpu, group) + word];
  }

  void write(int cpu, int group, int word, int value) {
    words[at(cpu, group) + word] = value;
  }

  /** The highest active priority of a group, {@link #IDLE} without one. */
  int highest(int cpu, int group) {
    for (int i = 0; i < WORDS; i++) {
      int word = words[at(cpu, group) + i];
      if (word != 0) {
        return i * 32 + Integer.numberOfTrailingZeros(word) << levelShift;
      }
    }
    return IDLE;
  }

  int highest(int cpu) {
    return Math.min(highest(cpu, 0), highest(cpu, 1));
  }

  void raise(int cpu, int group, int groupPriority) {
    int level = groupPriority >> levelShift;
    words[at(cpu, group) + (level >> 5)] |= 1 << level;
  }

  /** Drops the highest active priority of a group. */
  void drop(int cpu, int group) {
    for (int i = at(cpu, group); i < at(cpu, group) + WORDS; i++) {
      if (words[i] != 0) {
        words[i] &= words[i] - 1;
        return;
      }
    }
  }
}
