// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.time.EventQueue.QueuedAlarm;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;

final class VirtualTimeTest {
  private final DeviceState state = new DeviceState();
  private final VirtualClock clock = new VirtualClock(new Timing(300, 100), state);
  private final EventQueue queue = new EventQueue(clock, state);
  private final List<String> fired = new ArrayList<>();

  private QueuedAlarm alarm(String name) {
    return queue.alarm(name, () -> fired.add(name + '@' + clock.now()), bug -> fired.add(bug.getMessage()));
  }

  @Test
  void timeIsInstructionsTimesTheirDurationWithoutRoundingDrift() {
    for (int i = 0; i < 1000; i++) {
      clock.end(7);
    }
    assertEquals(7000 * 300 / 1000, clock.now());
  }

  @Test
  void instructionsUntilADeadlineAreExact() {
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      clock.end(random.nextInt(1000));
      long deadline = clock.now() + 1 + random.nextInt(5000);
      long needed = clock.instructionsUntil(deadline);
      assertTrue(clock.at(clock.instructions() + needed) >= deadline);
      assertTrue(clock.at(clock.instructions() + needed - 1) < deadline);
    }
    assertEquals(0, clock.instructionsUntil(clock.now()));
    assertTrue(clock.instructionsUntil(Long.MAX_VALUE) >= VirtualClock.FAR);
  }

  @Test
  void jumpsGoForwardOnly() {
    clock.end(10);
    clock.jump(1_000_000);
    assertEquals(1_000_000, clock.now());
    clock.jump(5);
    assertEquals(1_000_000, clock.now());
  }

  @Test
  void alarmsFireByDeadlineThenByArming() {
    QueuedAlarm a = alarm("a");
    QueuedAlarm b = alarm("b");
    QueuedAlarm c = alarm("c");
    a.at(50);
    b.at(20);
    c.at(50);
    a.at(50);
    queue.fireDue();
    assertEquals(List.of(), fired);
    clock.jump(60);
    queue.fireDue();
    assertEquals(List.of("b@60", "c@60", "a@60"), fired);
    assertFalse(a.armed());
    assertEquals(Long.MAX_VALUE, queue.next());
  }

  @Test
  void anAlarmRestoredKeepsItsPlace() {
    QueuedAlarm a = alarm("a");
    QueuedAlarm b = alarm("b");
    a.at(10);
    b.at(10);
    long order = a.order();
    a.cancel();
    alarm("a2").restore(10, order);
    clock.jump(10);
    queue.fireDue();
    assertEquals(List.of("a2@10", "b@10"), fired);
  }

  @Test
  void anAlarmThatNeverStopsIsReported() {
    QueuedAlarm[] self = new QueuedAlarm[1];
    self[0] = queue.alarm("loop", () -> self[0].at(0), bug -> fired.add(bug.getMessage()));
    self[0].at(0);
    queue.fireDue();
    assertEquals(List.of("alarm loop fires for ever at 0 ns"), fired);
  }

  @Test
  void anAlarmThatNeverStopsTakesNoOtherWithIt() {
    QueuedAlarm[] self = new QueuedAlarm[1];
    self[0] = queue.alarm("loop", () -> self[0].at(0), bug -> fired.add(bug.getMessage()));
    self[0].at(0);
    clock.jump(5);
    alarm("late").at(5);
    queue.fireDue();
    assertEquals(List.of("alarm loop fires for ever at 5 ns", "late@5"), fired);
  }

  @Test
  void armingTellsTheDeadline() {
    List<Long> told = new ArrayList<>();
    queue.onArm(told::add);
    alarm("a").at(77);
    assertEquals(List.of(77L), told);
  }
}
