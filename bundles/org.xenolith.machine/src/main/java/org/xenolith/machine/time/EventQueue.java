// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * The armed alarms of one machine in the order in which they fire: by deadline, then by arming. A machine has some dozens
 * of alarms, for which a sorted array is as quick as a heap and easier to trust.
 */
public final class EventQueue {
  /** Alarms that may fire without an instruction between; more than that never ends. */
  private static final int MOST_FIRINGS = 100_000;

  private final Clock clock;
  private final LongCell armings;
  private QueuedAlarm[] armed = new QueuedAlarm[16];
  private int count;
  private int clearings;
  private LongConsumer onArm = deadline -> {};

  public EventQueue(Clock clock, DeviceState state) {
    this.clock = clock;
    armings = state.cell("queue.armings", 0);
  }

  /** Is told the deadline of every alarm that is armed, so that a slice which goes on beyond it can be ended. */
  public void onArm(LongConsumer listener) {
    onArm = listener;
  }

  /**
   * A new alarm, disarmed.
   *
   * @param action  what it does
   * @param runaway told when the alarm re-arms itself for ever
   */
  public QueuedAlarm alarm(String name, Runnable action, Consumer<Throwable> runaway) {
    return new QueuedAlarm(name, action, runaway);
  }

  /** The earliest deadline, or {@link Long#MAX_VALUE}. */
  public long next() {
    return count == 0 ? Long.MAX_VALUE : armed[0].deadline;
  }

  /** Fires everything that is due. */
  public void fireDue() {
    for (int fired = 0; count > 0 && armed[0].deadline <= clock.now(); fired++) {
      QueuedAlarm due = armed[0];
      due.cancel();
      if (fired < MOST_FIRINGS) {
        due.action.run();
      } else {
        due.runaway.accept(new IllegalStateException("alarm " + due.name + " fires for ever at " + clock.now() + " ns"));
        fired = 0;
      }
    }
  }

  /** Disarms all alarms. */
  public void clear() {
    clearings++;
    while (count > 0) {
      armed[count - 1].cancel();
    }
  }

  private void insert(QueuedAlarm alarm) {
    if (count == armed.length) {
      armed = java.util.Arrays.copyOf(armed, count * 2);
    }
    int at = count++;
    while (at > 0 && alarm.before(armed[at - 1])) {
      armed[at] = armed[at - 1];
      at--;
    }
    armed[at] = alarm;
  }

  private void remove(QueuedAlarm alarm) {
    int at = 0;
    while (armed[at] != alarm) {
      at++;
    }
    System.arraycopy(armed, at + 1, armed, at, --count - at);
    armed[count] = null;
  }

  /** One alarm of the queue. */
  public final class QueuedAlarm implements Alarm {
    private final String name;
    private final Runnable action;
    private final Consumer<Throwable> runaway;
    private long deadline = Long.MAX_VALUE;
    private long order;

    private QueuedAlarm(String name, Runnable action, Consumer<Throwable> runaway) {
      this.name = name;
      this.action = action;
      this.runaway = runaway;
    }

    @Override
    public void at(long ns) {
      restore(ns, armings.value++);
      if (ns != Long.MAX_VALUE) {
        onArm.accept(ns);
      }
    }

    @Override
    public void cancel() {
      if (armed()) {
        remove(this);
        deadline = Long.MAX_VALUE;
      }
    }

    @Override
    public boolean armed() {
      return deadline != Long.MAX_VALUE;
    }

    @Override
    public long deadline() {
      return deadline;
    }

    public String name() {
      return name;
    }

    /** How often all alarms have been disarmed. */
    int clearings() {
      return clearings;
    }

    /** Its place among alarms of the same deadline. */
    public long order() {
      return order;
    }

    /** Arms it as it was before, in its old place among alarms of the same deadline. */
    public void restore(long ns, long oldOrder) {
      cancel();
      order = oldOrder;
      deadline = ns;
      if (armed()) {
        insert(this);
      }
    }

    private boolean before(QueuedAlarm other) {
      return deadline < other.deadline || deadline == other.deadline && order < other.order;
    }
  }
}
