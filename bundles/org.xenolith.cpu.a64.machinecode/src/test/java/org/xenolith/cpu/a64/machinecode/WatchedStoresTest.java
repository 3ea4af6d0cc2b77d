// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.RandomGuest;

/** Stores in pages that have watched bytes: those that touch one are told, whatever their size and place; the others are made by generated code. */
class WatchedStoresTest {
  private static final long DATA = MappedProgram.DATA;
  /** ADD X0, X0, #1; SUB X2, X2, #1; CBNZ X2, . - 12; B . */
  private static final int[] NEXT = {0x9100_0400, 0xD100_0442, 0xB5FF_FFA2, 0x1400_0000};
  private static final int LOOP = 4;
  private static final int TIMES = 160;

  /** A store of X1, or Q1, at X0. */
  private enum Store {
    STRB(0x3900_0001, 1, 0), STRH(0x7900_0001, 2, 0), STR_W(0xB900_0001, 4, 0), STR_X(0xF900_0001, 8, 0), STP(0xA900_0401, 16, 0), STR_Q(
        0x3D80_0001, 16, 0), STP_Q(0xAD00_0401, 32, 0), STUR_X(0xF800_3001, 8, 3), ST1_4(0x4C00_2001, 64, 0);

    private final int word;
    private final int bytes;
    private final int offset;

    Store(int word, int bytes, int offset) {
      this.word = word;
      this.bytes = bytes;
      this.offset = offset;
    }
  }

  /** Counts how often code is entered. */
  private static final class Counted extends MachineCodeEngine {
    private static int entered;

    Counted(Cpu cpu) {
      super(cpu, null);
    }

    @Override
    int enter(int at) {
      entered++;
      return super.enter(at);
    }
  }

  private static WatchedAddress writes(Space space, long first, long length) {
    return new WatchedAddress(Kind.WRITE, space, first, length);
  }

  private static RandomGuest guest(CpuEngineFactory engine, long first, int times, int store) {
    return new RandomGuest(1, new MappedProgram(first, times, store, NEXT[0], NEXT[1], NEXT[2], NEXT[3]), engine);
  }

  @Test
  void thoseBesideAWatchedWordAreMadeByCode() {
    for (Space space : Space.values()) {
      for (Store store : Store.values()) {
        RandomGuest guest = guest(cpu -> new Counted(cpu.as(Cpu.class)), DATA, 2_000, store.word);
        List<String> told = new ArrayList<>();
        guest.watch(List.of(writes(space, DATA + 0xC00, 8)), told::add);
        Counted.entered = 0;
        guest.runTo(2_000 * LOOP, null);
        assertEquals(List.of(), told);
        assertTrue(Counted.entered < (store.bytes > 32 ? 2_100 : 100), store + " by " + space + ": entered " + Counted.entered + " times");
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> thoseThatTouchAWatchedByteAreTold() {
    return Stream.of(Store.values()).map(store -> DynamicTest.dynamicTest(store.name(), () -> {
      for (Space space : Space.values()) {
        // In the middle of a page, behind its begin, before its end, and across both.
        touches(store, space, DATA + 0x800, 8, DATA + 0x780);
        touches(store, space, DATA + 0x801, 1, DATA + 0x780);
        touches(store, space, DATA + 0x1000, 4, DATA + 0xF80);
        touches(store, space, DATA + 0xFFD, 3, DATA + 0xF80);
        touches(store, space, DATA + 0xFFD, 5, DATA + 0xF80);
      }
    }));
  }

  /** Stores at each of the addresses from one on. */
  private static void touches(Store store, Space space, long watched, int length, long first) {
    List<WatchedAddress> points = List.of(writes(space, watched, length));
    List<String> expected = new ArrayList<>();
    String state = run(Interpreter::on, store, points, first, expected);
    List<String> met = new ArrayList<>();
    assertEquals(state, run(cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null), store, points, first, met));
    assertEquals(String.join("\n", expected), String.join("\n", met), store + " by " + space);
    assertEquals(run(cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null), store, List.of(), first, new ArrayList<>()), state);
    assertEquals(length + store.bytes - 1, met.stream().map(each -> each.split(" ")[0]).distinct().count(), store + " by " + space + ": "
        + met);
  }

  private static String run(CpuEngineFactory engine, Store store, List<WatchedAddress> points, long first, List<String> told) {
    RandomGuest guest = guest(engine, first - store.offset, TIMES, store.word);
    guest.watch(points, told::add);
    guest.runTo(TIMES * LOOP + 2, null);
    return EngineComparison.state(guest);
  }

  /** Whatever was watched before: pages of a map, code that is watched too, and points that come and go. */
  @Test
  void whatIsWatchedMayChange() {
    List<List<WatchedAddress>> turns = List.of(List.of(writes(Space.PROCESSOR, DATA + 0x80, 8)), List.of(), List.of(writes(Space.PHYSICAL,
        DATA + 0x280, 8), new WatchedAddress(Kind.READ, Space.PROCESSOR, DATA + 0x288, 8)), List.of(writes(Space.PROCESSOR, DATA + 0x380,
            1),
            writes(Space.PHYSICAL, DATA + 0x3A0, 4)));
    List<List<String>> all = new ArrayList<>();
    for (CpuEngineFactory engine : List.<CpuEngineFactory>of(Interpreter::on, cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null))) {
      RandomGuest guest = guest(engine, DATA, 4 * 256, Store.STR_X.word);
      List<String> told = new ArrayList<>();
      for (int turn = 0; turn < turns.size(); turn++) {
        guest.watch(turns.get(turn), told::add);
        guest.runTo((turn + 1) * 256 * LOOP, null);
      }
      told.add(EngineComparison.state(guest));
      all.add(told);
    }
    assertEquals(all.getFirst(), all.getLast());
    assertEquals(15 + 15 + 8 + 11 + 1, all.getFirst().size());
  }

  /** A store to an instruction that is executed, in a page that is watched elsewhere, changes it. */
  @Test
  void codeBesideAWatchedWordIsCode() {
    // STR W3, [X0]; the instruction that is stored to; SUB X2, X2, #1; CBNZ X2, . - 12; B .
    int[] words = {0xB900_0003, 0x9100_0421, 0xD100_0442, 0xB5FF_FFA2, 0x1400_0000};
    List<String> states = new ArrayList<>();
    for (CpuEngineFactory engine : List.<CpuEngineFactory>of(Interpreter::on, cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null))) {
      RandomGuest guest = new RandomGuest(1, new MappedProgram(SmallProgram.RAM + 4, 1_000, words), engine);
      // ADD X1, X1, #2, which takes the place of ADD X1, X1, #1.
      guest.cpu().x[3] = 0x9100_0821;
      guest.cpu().x[1] = 0;
      guest.watch(List.of(writes(Space.PROCESSOR, SmallProgram.RAM + 0x800, 8)), told -> {});
      guest.runTo(500 * LOOP, null);
      guest.cpu().x[3] = 0x9100_0C21;
      guest.runTo(1_000 * LOOP, null);
      assertEquals(500 * 2 + 500 * 3, guest.cpu().x[1]);
      states.add(EngineComparison.state(guest));
    }
    assertEquals(states.getFirst(), states.getLast());
  }
}
