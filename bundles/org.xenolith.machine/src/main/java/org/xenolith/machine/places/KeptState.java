// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.List;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/**
 * All of a device that outlives its model: its record and its alarms. No class of a provider is reachable from it.
 *
 * @param record the model's declared state
 * @param alarms armed alarms
 */
public record KeptState(StateRecord record, List<ArmedAlarm> alarms) {
  /** Refuses a restored number that no machine has. @throws StateMismatch naming it */
  public static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new StateMismatch(name + ": expected " + least + " to " + most + ", got " + value);
    }
  }

  /**
   * One armed alarm.
   *
   * @param deadline virtual nanoseconds
   * @param order    place among alarms of the same deadline
   */
  public record ArmedAlarm(String name, long deadline, long order) {}
}
