// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.platform.api.Platform.Timing;

/** Writes at physical addresses are told behind the instruction, by whomever they are made, and change nothing. */
final class WatchedAddressesTest {
  private static final long FAR = ToyMachine.RAM + (20 << 20);
  private static final RunLimit END = new RunLimit(Long.MAX_VALUE, 3_000);

  /** Its CPU writes eight bytes to one of 512 pages and to its timer, by turns; the timer's alarms write nothing. */
  private static CoreMachine machine() {
    CoreMachine machine = new ToyMachine(1, new Timing(700, 50), cpu -> {
      cpu.x[1]++;
      if (cpu.x[1] % 100 == 50) {
        cpu.env.bus().write(FAR + (cpu.x[1] / 100 % 4 << 12), 8, cpu.x[1]);
      }
    }).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    return machine;
  }

  private static String unwatched() {
    CoreMachine machine = machine();
    machine.run(END);
    return machine.digest();
  }

  private static WatchedAddress write(long first, long length) {
    return new WatchedAddress(Kind.WRITE, Space.PHYSICAL, first, length);
  }

  @Test
  void aWriteIsToldBehindItsInstructionAlsoInMemoryThatNobodyHadTouched() {
    CoreMachine machine = machine();
    List<String> told = new ArrayList<>();
    machine.watch((cpu, watched, address, size, write) -> told.add("%d: cpu %d 0x%x %d %s".formatted(machine.instructions(), cpu
        .orElseThrow()
        .index(), address - FAR, size, write)), List.of(write(FAR + 0x1004, 2)));
    assertEquals(StopReason.LIMIT, machine.run(END));
    assertEquals(8, told.size(), told::toString);
    assertEquals("150: cpu 0 0x1000 8 true", told.getFirst());
    assertEquals("550: cpu 0 0x1000 8 true", told.get(1));
    assertEquals(unwatched(), machine.digest());
  }

  @Test
  void whoIsToldMayStopTheMachineThere() {
    CoreMachine machine = machine();
    machine.watch((cpu, watched, address, size, write) -> machine.stop(), List.of(write(FAR + 0x1000, 1)));
    assertEquals(StopReason.STOPPED, machine.run(END));
    assertEquals(150, machine.instructions());
    assertEquals(StopReason.STOPPED, machine.run(END));
    assertEquals(550, machine.instructions());
  }

  @Test
  void eachIsToldOfItsOwnUntilItEnds() {
    CoreMachine machine = machine();
    List<Long> one = new ArrayList<>();
    List<Long> other = new ArrayList<>();
    AddressWatcher first = (cpu, watched, address, size, write) -> one.add(address - FAR);
    machine.watch(first, List.of(write(FAR, 8)));
    machine.watch((cpu, watched, address, size, write) -> other.add(address - FAR), List.of(write(FAR + 0x3000, 8)));
    machine.run(new RunLimit(Long.MAX_VALUE, 900));
    assertEquals(List.of(0L, 0L, 0L), one);
    assertEquals(List.of(0x3000L, 0x3000L), other);
    machine.watch(first, List.of());
    machine.run(END);
    assertEquals(3, one.size());
    assertEquals(7, other.size());
  }

  @Test
  void whatAnApplicationWritesIsNotTold() {
    CoreMachine machine = machine();
    List<Long> told = new ArrayList<>();
    machine.watch((cpu, watched, address, size, write) -> told.add(address), List.of(write(FAR, 0x10_0000)));
    machine.load(FAR, new byte[64], 0, 64);
    machine.run(new RunLimit(Long.MAX_VALUE, 40));
    assertEquals(List.of(), told);
  }

  @Test
  void oneThatThrowsIsToldNothingMoreAndTheMachineGoesOn() {
    CoreMachine machine = machine();
    machine.watch((cpu, watched, address, size, write) -> {
      throw new IllegalStateException("a bug");
    }, List.of(write(FAR, 0x10_0000)));
    assertEquals(StopReason.LIMIT, machine.run(END));
    assertEquals(1, machine.events().get("watcher-failed"));
    assertEquals(unwatched(), machine.digest());
  }

  @Test
  void anAddressThatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new WatchedAddress(Kind.INSTRUCTION, Space.PHYSICAL, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new WatchedAddress(Kind.READ, Space.PHYSICAL, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new WatchedAddress(Kind.READ, Space.PHYSICAL, -4, 8));
    assertTrue(new WatchedAddress(Kind.READ, Space.PHYSICAL, -4, 4).overlaps(-1, 1));
  }
}
