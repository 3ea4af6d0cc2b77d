// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;

class NodeClockTest {
  private static final long SECOND = 1_000_000_000;
  private final DeviceState state = new DeviceState();
  private final VirtualClock machine = new VirtualClock(new Timing(1000, 1000), state);
  private final NodeClocks clocks = new NodeClocks(machine, state);
  private final EventQueue queue = new EventQueue(machine, state);
  private final NodeClock clock = clocks.of("/timer");
  private final List<String> rung = new ArrayList<>();

  private ClockAlarm alarm(String name) {
    ClockAlarm made = new ClockAlarm(queue.alarm(name, () -> rung.add(name + " at " + machine.now()), bug -> {}), clock);
    clock.listen(made::moved);
    return made;
  }

  private void until(long time) {
    while (queue.next() <= time) {
      machine.jump(queue.next());
      queue.fireDue();
    }
    machine.jump(time);
  }

  @Test
  void aClockWithoutAFaultShowsVirtualTime() {
    until(123);
    assertEquals(123, clock.now());
    assertEquals(77, clock.due(77));
    assertTrue(clocks.steady());
  }

  @Test
  void aFastClockRingsEarlyAndKeepsWhatItGained() {
    ClockAlarm alarm = alarm("bell");
    until(SECOND);
    alarm.at(3 * SECOND);
    clock.run(2 * NodeClock.RIGHT);
    assertFalse(clocks.steady());
    until(4 * SECOND);
    assertEquals(List.of("bell at " + 2 * SECOND), rung);
    assertFalse(alarm.armed());
    clock.run(NodeClock.RIGHT);
    assertTrue(clocks.steady());
    until(5 * SECOND);
    assertEquals(8 * SECOND, clock.now());
  }

  @Test
  void aStoppedClockKeepsItsAlarmsArmedAndRingsWhenItGoesOn() {
    ClockAlarm alarm = alarm("bell");
    alarm.at(2 * SECOND);
    until(SECOND);
    clock.run(0);
    until(9 * SECOND);
    assertEquals(SECOND, clock.now());
    assertEquals(List.of(), rung);
    assertTrue(alarm.armed());
    assertEquals(2 * SECOND, alarm.deadline());
    assertEquals(Long.MAX_VALUE, queue.next(), "nothing that the machine could jump to");
    clock.run(NodeClock.RIGHT);
    until(20 * SECOND);
    assertEquals(List.of("bell at " + 10 * SECOND), rung);
  }

  @Test
  void whatClearsTheQueueDisarmsWhatWaitsForAStoppedClock() {
    ClockAlarm alarm = alarm("bell");
    alarm.at(2 * SECOND);
    clock.run(0);
    queue.clear();
    assertFalse(alarm.armed());
    assertEquals(Long.MAX_VALUE, alarm.deadline());
    alarm.at(3 * SECOND);
    assertTrue(alarm.armed());
    alarm.cancel();
    assertFalse(alarm.armed());
    clock.run(NodeClock.RIGHT);
    until(9 * SECOND);
    assertEquals(List.of(), rung);
  }

  @Test
  void aJumpMakesDueWhatItPassesAndDoesNotGoBeyondPowerOn() {
    ClockAlarm alarm = alarm("bell");
    alarm.at(5 * SECOND);
    until(SECOND);
    clock.jump(10 * SECOND);
    queue.fireDue();
    assertEquals(List.of("bell at " + SECOND), rung);
    assertEquals(11 * SECOND, clock.now());
    assertTrue(clocks.steady());
    assertThrows(IllegalArgumentException.class, () -> clock.jump(-12 * SECOND));
    clock.jump(-10 * SECOND);
    assertEquals(machine.now(), clock.now());
    assertEquals("", clock.saved());
  }

  @Test
  void dueIsTheFirstNanosecondThatShowsATime() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      until(machine.now() + random.nextInt(1000));
      clock.run(1 + random.nextInt(3_000_000));
      long local = clock.now() + 1 + random.nextInt(5000);
      long due = clock.due(local);
      VirtualClock other = new VirtualClock(new Timing(1000, 1000), new DeviceState());
      NodeClock copy = new NodeClock(other);
      copy.restore(clock.saved());
      other.jump(due - 1);
      assertTrue(due - 1 < machine.now() || copy.now() < local, () -> clock.saved() + " " + local);
      other.jump(due);
      assertTrue(copy.now() >= local, () -> clock.saved() + " " + local);
    }
  }

  @Test
  void aStateHasHowEachClockGoes() {
    until(SECOND);
    clock.run(NodeClock.RIGHT / 2);
    until(3 * SECOND);
    var saved = state.save();
    ClockAlarm alarm = alarm("bell");
    alarm.at(5 * SECOND);
    clock.run(NodeClock.RIGHT);
    clocks.of("/rtc").jump(7);
    state.restore(saved);
    assertEquals(2 * SECOND, clock.now());
    assertEquals(machine.now(), clocks.of("/rtc").now());
    assertFalse(clocks.steady());
    assertEquals(9 * SECOND, queue.next(), "alarms follow");
    state.reset();
    assertEquals(machine.now(), clock.now());
    assertTrue(clocks.steady());
  }
}
