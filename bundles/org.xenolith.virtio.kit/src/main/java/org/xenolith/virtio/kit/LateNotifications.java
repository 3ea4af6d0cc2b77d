// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import java.util.function.IntConsumer;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Notifications of queues that are passed on later: what came while there was no function, and what was too much for once. */
final class LateNotifications {
  private final LongCell queues;
  private final Clock clock;
  private final Alarm alarm;
  private final IntConsumer pass;

  /** @param pass gets the number of a queue that is to be notified */
  LateNotifications(DeviceState state, DeviceTime time, IntConsumer pass) {
    queues = state.cell("missed-notifications", 0);
    clock = time.clock();
    alarm = time.alarm("resume", this::passOn);
    this.pass = pass;
  }

  /** Keeps one of a queue. */
  void keep(int queue) {
    queues.value |= 1L << queue;
  }

  /** Passes on what is kept at virtual time {@code ns}, if not before. */
  void passOnAt(long ns) {
    if (queues.isSet() && ns < alarm.deadline()) {
      alarm.at(ns);
    }
  }

  /** Passes on what is kept before the next instruction. */
  void passOnNow() {
    passOnAt(clock.now());
  }

  private void passOn() {
    long kept = queues.value;
    queues.value = 0;
    for (int q = 0; q < QueueStates.QUEUES; q++) {
      if ((kept >> q & 1) != 0) {
        pass.accept(q);
      }
    }
  }

  /** The driver reset the device: nothing is kept. */
  void clear() {
    queues.value = 0;
    alarm.cancel();
  }

  /** The model was reset, and its state with it. */
  void reset() {
    alarm.cancel();
  }
}
