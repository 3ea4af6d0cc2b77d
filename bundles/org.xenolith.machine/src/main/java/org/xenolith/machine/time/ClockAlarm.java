// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.time.EventQueue.QueuedAlarm;

/** An alarm at a time that a node's clock shows. While that has stopped short of it, the alarm is armed and in no queue. */
public final class ClockAlarm implements Alarm {
  private final QueuedAlarm queued;
  private final NodeClock clock;
  private long deadline = NodeClock.NEVER;
  /** The queue's {@code clearings} when it began to wait for a clock that has stopped; -1 if it doesn't. */
  private int waitsSince = -1;

  /** An alarm that is the queue's, but for its deadline. */
  public ClockAlarm(QueuedAlarm queued, NodeClock clock) {
    this.queued = queued;
    this.clock = clock;
  }

  @Override
  public void at(long ns) {
    deadline = ns;
    queued.at(clock.due(ns));
    placed();
  }

  @Override
  public void cancel() {
    waitsSince = -1;
    queued.cancel();
  }

  /** It is in the queue, or waits for the clock. */
  private void placed() {
    waitsSince = deadline == NodeClock.NEVER || queued.armed() ? -1 : queued.clearings();
  }

  @Override
  public boolean armed() {
    return queued.armed() || waitsSince == queued.clearings();
  }

  @Override
  public long deadline() {
    return armed() ? deadline : NodeClock.NEVER;
  }

  /** Its name in its device. */
  public String name() {
    return queued.name();
  }

  /** Its place among alarms of the same deadline. */
  public long order() {
    return queued.order();
  }

  /** Arms it as it was before, in its old place among alarms of the same deadline. */
  public void restore(long ns, long order) {
    deadline = ns;
    queued.restore(clock.due(ns), order);
    placed();
  }

  /** The clock goes otherwise than it did. */
  public void moved() {
    if (armed()) {
      queued.restore(clock.due(deadline), queued.order());
      placed();
    }
  }
}
