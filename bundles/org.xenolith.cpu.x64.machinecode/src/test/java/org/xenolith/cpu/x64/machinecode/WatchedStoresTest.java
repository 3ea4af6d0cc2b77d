// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.graph.Interpreter;

/** Stores in pages that have watched bytes: those that touch one are told, whatever their size and place; the others are made by generated code. */
class WatchedStoresTest {
  private static final long DATA = WatchedProgram.DATA;
  private static final int LOOP = WatchedProgram.LOOP;
  private static final int TIMES = 160;

  /** One at R9, of RAX, XMM1 or a constant; some load first. */
  private enum Store {
    MOV_8("418801", 1), MOV_16("66418901", 2), MOV_32("418901", 4), MOV_64("498901", 8), MOV_CONSTANT("41c70178563412", 4), MOVUPS(
        "410f1109", 16), ADD("410101", 4), XCHG("498701", 8), INC("49ff01", 8), LOCK_INC("f049ff01", 8), SETC("410f9201", 1);

    private final String code;
    private final int bytes;

    Store(String code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  /** Counts how often code is entered. */
  private static final class Counted extends MachineCodeEngine {
    private static int entered;

    Counted(Core cpu) {
      super(cpu, null);
    }

    @Override
    int enter(int at) {
      entered++;
      return super.enter(at);
    }
  }

  @BeforeEach
  void codeReachesMemory() {
    assertTrue(HostMemory.OUTSIDE, "these tests run with memory outside the heap");
  }

  private static WatchedAddress writes(Space space, long first, long length) {
    return new WatchedAddress(Kind.WRITE, space, space == Space.PHYSICAL ? WatchedProgram.physical(first) : first, length);
  }

  private static Function<Core, CpuEngine> machineCode() {
    return cpu -> new MachineCodeEngine(cpu, null);
  }

  @Test
  void thoseBesideAWatchedWordAreMadeByCode() {
    for (Space space : Space.values()) {
      for (Store store : Store.values()) {
        for (Kind kind : List.of(Kind.READ, Kind.WRITE, Kind.ACCESS)) {
          WatchedProgram program = new WatchedProgram(Counted::new, store.code, DATA, 1, 2_000);
          List<String> told = new ArrayList<>();
          program.watch(List.of(new WatchedAddress(kind, space, DATA + 0xC00, 8)), told::add);
          Counted.entered = 0;
          program.runTo(2_000 * LOOP);
          assertEquals(List.of(), told);
          assertTrue(Counted.entered < 100, store + ", " + kind + " by " + space + ": entered " + Counted.entered + " times");
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> thoseThatTouchAWatchedByteAreTold() {
    return Stream.of(Store.values()).map(store -> DynamicTest.dynamicTest(store.name(), () -> {
      for (Space space : Space.values()) {
        // In the middle of a page, behind its begin, before its end, and across both.
        touches(store, List.of(writes(space, DATA + 0x800, 8)), DATA + 0x780, 8);
        touches(store, List.of(writes(space, DATA + 0x801, 1)), DATA + 0x780, 1);
        touches(store, List.of(writes(space, DATA + 0x1000, 4)), DATA + 0xF80, 4);
        touches(store, List.of(writes(space, DATA + 0xFFD, 3)), DATA + 0xF80, 3);
        touches(store, List.of(writes(space, DATA + 0xFFD, 3), writes(space, DATA + 0x1000, 2)), DATA + 0xF80, 5);
      }
    }));
  }

  /** Stores at each of the addresses from one on. @param length bytes that are watched */
  private static void touches(Store store, List<WatchedAddress> points, long first, int length) {
    List<String> expected = new ArrayList<>();
    String state = run(Interpreter::new, store, points, first, expected);
    List<String> met = new ArrayList<>();
    assertEquals(state, run(machineCode(), store, points, first, met));
    assertEquals(String.join("\n", expected), String.join("\n", met), store + " " + points);
    assertEquals(run(machineCode(), store, List.of(), first, new ArrayList<>()), state);
    assertEquals(length + store.bytes - 1, met.stream().map(each -> each.split(" ")[0]).distinct().count(), store + ": " + met);
  }

  private static String run(Function<Core, CpuEngine> engine, Store store, List<WatchedAddress> points, long first, List<String> told) {
    WatchedProgram program = new WatchedProgram(engine, store.code, first, 1, TIMES);
    program.watch(points, told::add);
    program.runTo(TIMES * LOOP + 2);
    return program.state();
  }

  @Test
  void repetitionsThatReachAWatchedByteAreTold() {
    for (String code : List.of("f3aa", "f348ab", "f3a4", "f348a5")) {
      List<List<String>> all = new ArrayList<>();
      for (Function<Core, CpuEngine> engine : List.<Function<Core, CpuEngine>>of(Interpreter::new, machineCode())) {
        WatchedProgram program = new WatchedProgram(engine, code, DATA, 1, TIMES);
        program.machine.cpu.r[CpuState.RSI] = DATA + 0x200;
        program.machine.cpu.r[CpuState.RDI] = DATA + 0x7F8;
        List<String> told = new ArrayList<>();
        program.watch(List.of(writes(Space.PHYSICAL, DATA + 0x808, 8)), told::add);
        program.runTo(TIMES);
        told.add(program.state());
        all.add(told);
      }
      assertEquals(all.getFirst(), all.getLast(), code);
      assertEquals(1 + (code.length() == 4 ? 8 : 1), all.getFirst().size(), () -> code + ": " + all);
    }
  }

  @Test
  void whatIsWatchedMayChange() {
    List<List<WatchedAddress>> turns = List.of(List.of(writes(Space.PROCESSOR, DATA + 0x80, 8)), List.of(), List.of(writes(Space.PHYSICAL,
        DATA + 0x280, 8), new WatchedAddress(Kind.READ, Space.PROCESSOR, DATA + 0x288, 8)), List.of(writes(Space.PROCESSOR, DATA + 0x380,
            1),
            writes(Space.PHYSICAL, DATA + 0x3A0, 4)));
    List<List<String>> all = new ArrayList<>();
    for (Function<Core, CpuEngine> engine : List.<Function<Core, CpuEngine>>of(Interpreter::new, machineCode())) {
      WatchedProgram program = new WatchedProgram(engine, Store.MOV_64.code, DATA, 1, 4 * 256);
      List<String> told = new ArrayList<>();
      for (int turn = 0; turn < turns.size(); turn++) {
        program.watch(turns.get(turn), told::add);
        program.runTo((turn + 1) * 256L * LOOP);
      }
      told.add(program.state());
      all.add(told);
    }
    assertEquals(all.getFirst(), all.getLast());
    assertEquals(15 + 15 + 8 + 11 + 1, all.getFirst().size());
  }

  /** A store to an instruction that is executed, in a page that is watched elsewhere, changes it. */
  @Test
  void codeBesideAWatchedWordIsCode() {
    List<String> states = new ArrayList<>();
    for (Function<Core, CpuEngine> engine : List.<Function<Core, CpuEngine>>of(Interpreter::new, machineCode())) {
      // MOV [R9], AL to the constant of the ADD to R9 behind it, which is 0 then.
      WatchedProgram program = new WatchedProgram(engine, Store.MOV_8.code, X64TestMachine.CODE + 6, 1, 1_000);
      program.machine.cpu.r[0] = 0;
      program.watch(List.of(writes(Space.PROCESSOR, X64TestMachine.CODE + 0x800, 8)), told -> {});
      program.runTo(500 * LOOP);
      assertEquals(X64TestMachine.CODE + 6, program.machine.cpu.r[9]);
      program.machine.cpu.r[0] = 5;
      program.runTo(501 * LOOP);
      assertEquals(X64TestMachine.CODE + 11, program.machine.cpu.r[9]);
      states.add(program.state());
    }
    assertEquals(states.getFirst(), states.getLast());
  }
}
