// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.places.KeptState.ArmedAlarm;
import org.xenolith.machine.time.ClockAlarm;
import org.xenolith.machine.time.EventQueue.QueuedAlarm;
import org.xenolith.machine.time.NodeClock;
import org.xenolith.machine.watch.ExitKind;

/** The clock and the alarms of one model. */
final class SlotTime implements DeviceTime {
  private final String instance;
  private final Hardware hardware;
  private final BooleanSupplier closed;
  private final Consumer<Throwable> threw;
  private final NodeClock clock;
  private final Runnable moved = this::moved;
  private final Map<String, ClockAlarm> alarms = new LinkedHashMap<>();

  /**
   * @param node   path of the node whose clock it goes by
   * @param closed whether the model is off the bus
   * @param threw  is told what an alarm's action throws
   */
  SlotTime(String instance, String node, Hardware hardware, BooleanSupplier closed, Consumer<Throwable> threw) {
    this.instance = instance;
    this.hardware = hardware;
    this.closed = closed;
    this.threw = threw;
    clock = hardware.clocks.of(node);
    clock.listen(moved);
  }

  void close() {
    clock.forget(moved);
    cancel();
  }

  private void cancel() {
    alarms.values().forEach(Alarm::cancel);
  }

  /** The clock goes otherwise: what is due comes earlier or later. */
  private void moved() {
    alarms.values().forEach(ClockAlarm::moved);
  }

  List<ArmedAlarm> armed() {
    return alarms.values().stream().filter(Alarm::armed)
        .map(a -> new ArmedAlarm(a.name(), a.deadline(), a.order())).toList();
  }

  /**
   * Arms alarms as a record says.
   *
   * @throws ModelException if the model has no alarm of that name
   */
  void restore(List<ArmedAlarm> armed) {
    cancel();
    for (ArmedAlarm kept : armed) {
      ClockAlarm alarm = alarms.get(kept.name());
      if (alarm == null) {
        throw new ModelException(instance + ": the record has an alarm " + kept.name() + ", the model has " + alarms.keySet());
      }
      alarm.restore(kept.deadline(), kept.order());
    }
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Alarm alarm(String name, Runnable action) {
    QueuedAlarm queued = hardware.queue.alarm(name, () -> {
      try {
        fire(action);
      } catch (RamExhausted e) {
        throw e;
      } catch (Throwable bug) {
        threw.accept(bug);
      }
      if (closed.getAsBoolean()) {
        hardware.requireOwner();
      }
    }, threw);
    ClockAlarm alarm = new ClockAlarm(queued, clock);
    if (alarms.putIfAbsent(name, alarm) != null) {
      throw new ModelException(instance + ": alarm " + name + " is made twice");
    }
    return alarm;
  }

  private void fire(Runnable action) {
    hardware.entered.device = instance;
    // One before it may have accessed memory in a CPU's name.
    hardware.initiator.none();
    if (!hardware.exits.wanted()) {
      action.run();
      return;
    }
    hardware.exits.begin(ExitKind.ALARM, instance);
    try {
      action.run();
    } finally {
      hardware.exits.end();
    }
  }
}
