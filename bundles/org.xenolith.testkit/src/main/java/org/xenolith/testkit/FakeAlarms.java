// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.machine.api.Alarm;

/** The alarms that one model has made. */
final class FakeAlarms {
  private final String instance;
  private final FakeClock clock;
  private final Map<String, FakeClock.FakeAlarm> alarms = new LinkedHashMap<>();

  FakeAlarms(String instance, FakeClock clock) {
    this.instance = instance;
    this.clock = clock;
  }

  Alarm make(String name, Runnable action) {
    FakeClock.FakeAlarm alarm = clock.alarm(name, action);
    if (alarms.putIfAbsent(name, alarm) != null) {
      throw new AssertionError(instance + ": alarm " + name + " is made twice");
    }
    return alarm;
  }

  /** Arms them as {@code old} ones were, in the same order, and no others. */
  void take(FakeAlarms old) {
    alarms.values().forEach(Alarm::cancel);
    old.alarms.values().stream().filter(Alarm::armed).sorted((a, b) -> Long.compare(a.order(), b.order()))
        .forEach(a -> alarms.get(a.name).at(a.deadline()));
  }

  /** Takes them off the clock; they keep their deadlines for {@link #take}. */
  void drop() {
    alarms.values().forEach(clock::drop);
  }

  Map<String, Long> deadlines() {
    Map<String, Long> deadlines = new LinkedHashMap<>();
    alarms.forEach((name, alarm) -> deadlines.put(name, alarm.deadline()));
    return deadlines;
  }
}
