// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;

/** What the units of a target remember, by their numbers. */
final class UnitState {
  private static final int NO_ATTENTION = -1;
  private static final int STOPPED = 1;
  private static final int TRAY_OPEN = 2;
  private static final int PREVENTED = 4;
  private static final int NO_WRITE_CACHE = 8;
  private static final int NEW_MEDIUM = 16;
  private static final Sense[] ATTENTIONS = {Sense.POWER_ON, Sense.UNIT_RESET, Sense.MEDIUM_CHANGED, Sense.MODE_CHANGED};

  /** What the initiator is to be told before anything else; 0, that it was switched on, at first. */
  private final int[] attention;
  private final int[] flags;

  UnitState(DeviceState state, int units) {
    attention = state.ints("unit-attention", units);
    flags = state.ints("unit-flags", units);
  }

  /** What the unit is to tell before anything else; null for nothing. */
  @Nullable
  Sense attention(int unit) {
    int number = attention[unit];
    return number >= 0 && number < ATTENTIONS.length ? ATTENTIONS[number] : null;
  }

  void attention(int unit, Sense what) {
    attention[unit] = NO_ATTENTION;
    for (int i = 0; i < ATTENTIONS.length; i++) {
      if (ATTENTIONS[i] == what) {
        attention[unit] = i;
      }
    }
  }

  /** It is as after power came, but for what the initiator is told of it. */
  void reset(int unit, Sense why) {
    flags[unit] = 0;
    attention(unit, why);
  }

  private boolean has(int unit, int flag) {
    return (flags[unit] & flag) != 0;
  }

  private void flag(int unit, int flag, boolean on) {
    flags[unit] = on ? flags[unit] | flag : flags[unit] & ~flag;
  }

  boolean stopped(int unit) {
    return has(unit, STOPPED);
  }

  void stopped(int unit, boolean on) {
    flag(unit, STOPPED, on);
  }

  boolean trayOpen(int unit) {
    return has(unit, TRAY_OPEN);
  }

  void trayOpen(int unit, boolean on) {
    flag(unit, TRAY_OPEN, on);
  }

  boolean prevented(int unit) {
    return has(unit, PREVENTED);
  }

  void prevented(int unit, boolean on) {
    flag(unit, PREVENTED, on);
  }

  boolean writeCache(int unit) {
    return !has(unit, NO_WRITE_CACHE);
  }

  void writeCache(int unit, boolean on) {
    flag(unit, NO_WRITE_CACHE, !on);
  }

  boolean newMedium(int unit) {
    return has(unit, NEW_MEDIUM);
  }

  void newMedium(int unit, boolean on) {
    flag(unit, NEW_MEDIUM, on);
  }
}
