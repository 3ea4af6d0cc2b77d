// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.PerformanceMonitor;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.graph.Interpreter;

/** A performance monitor is told of the same instruction by every engine, whatever slices a run is cut into. */
class CountingTest {
  /** MOV ECX, 100; DEC ECX; JNZ; 201 instructions. */
  private static final String LOOP = "b964000000ffc975fc";
  /** MOV ESP, in the page of data. */
  private static final String STACK = "bc00080050";

  /** Writes down what it is told of. */
  private static final class Told implements PerformanceMonitor, ViewContext {
    private final List<String> told = new ArrayList<>();
    /** By the level that they were executed at. */
    private final int[] branches = new int[4];
    private final CpuView view;
    private final Cpu cpu;
    private final long start;

    Told(X64TestMachine machine) {
      view = machine.cpu.view(this);
      cpu = view.as(Cpu.class);
      cpu.monitor(this);
      view.commit();
      start = cpu.retired();
    }

    private void note(String what) {
      told.add(what + " after " + (cpu.retired() - start));
    }

    @Override
    public void contextChanged() {
      note((cpu.executing() ? "level " : "waits at level ") + cpu.privilegeLevel());
    }

    @Override
    public void branched(int level) {
      branches[level]++;
    }

    @Override
    public void retiredReached() {
      note("reached");
    }

    @Override
    public int cpuidEax() {
      return 0x702;
    }

    @Override
    public int cpuidEbx() {
      return 0;
    }

    @Override
    public int cpuidEdx() {
      return 0;
    }

    @Override
    public boolean capabilities() {
      return false;
    }

    @Override
    public long counter(int select) {
      return 0x5_0000_0000L + select;
    }

    @Override
    public String instance() {
      return "/pmu";
    }

    @Override
    public int order() {
      return 0;
    }

    @Override
    public void failed(Throwable bug) {
      throw new AssertionError(bug);
    }

    @Override
    public void entered(int index) {}
  }

  @TestFactory
  Stream<DynamicTest> everyEngine() {
    Stream<DynamicTest> tests = Stream.of(1, 7, 1000).flatMap(slice -> engine("interpreter", slice, new X64TestMachine(
        Interpreter::new)));
    if (!HostMemory.OUTSIDE) {
      return tests;
    }
    return Stream.concat(tests, Stream.of(1, 7, 1000).flatMap(slice -> engine("machine code", slice, new X64TestMachine(
        cpu -> new MachineCodeEngine(cpu, null)))));
  }

  private static Stream<DynamicTest> engine(String name, int slice, X64TestMachine machine) {
    return Stream.of(DynamicTest.dynamicTest(name + ", slices of " + slice, () -> engine(machine, slice)));
  }

  private static void engine(X64TestMachine machine, int slice) {
    assertEquals(List.of("level 0 after 201", "waits at level 0 after 202"), run(machine, slice, LOOP + "0f0b", all -> {}),
        "UD2 isn't executed to its end, HLT is");
    assertEquals(ExceptionVector.UD, machine.vector());
    assertEquals(List.of("level 0 after 202", "waits at level 0 after 203"), run(machine, slice, LOOP + "0f05", all -> machine.cpu.lstar =
        X64TestMachine.handler(3)), "SYSCALL is the user's");
    assertEquals(List.of("level 0 after 202", "waits at level 0 after 203"), run(machine, slice, LOOP + "cc", all -> {}),
        "so is a software interrupt");
    assertEquals(List.of("reached after 57", "level 0 after 201", "waits at level 0 after 202"), run(machine, slice, LOOP + "0f0b",
        told -> told.cpu.watch(PerformanceMonitor.LEVELS | PerformanceMonitor.ACTIVITY, told.start + 57)));
    assertEquals(List.of("reached after 100"), run(machine, slice, LOOP + "0f0b", told -> told.cpu.watch(0, told.start + 100)));
    assertEquals(List.of(), run(machine, slice, LOOP + "0f0b", told -> told.cpu.watch(0, Long.MAX_VALUE)), "nothing that isn't asked for");
  }

  /** JNZ, taken and not, INT3, JMP, CALL and RET, LOOP, an indirect JMP; UD2 has no end. */
  @TestFactory
  Stream<DynamicTest> branches() {
    return Stream.of(false, true).filter(code -> !code || HostMemory.OUTSIDE).map(code -> DynamicTest.dynamicTest(code ? "machine code"
        : "interpreter", () -> {
          X64TestMachine machine = new X64TestMachine(code ? cpu -> new MachineCodeEngine(cpu, null) : Interpreter::new);
          assertBranches(100, machine, LOOP + "0f0b");
          assertBranches(101, machine, LOOP + "cc");
          // jmp +0; call +1; nop; mov ecx, 3; loop to itself
          assertBranches(1 + 1 + 3, machine, STACK + "eb00" + "e801000000" + "90" + "b903000000" + "e2fe" + "0f0b");
          // call +2; ud2; lea rax, [rip + 2]; jmp rax
          assertBranches(1 + 1, machine, STACK + "e802000000" + "0f0b" + "488d0502000000" + "ffe0" + "0f0b");
          // call +2; jmp +1; ret
          assertBranches(1 + 1 + 1, machine, STACK + "e802000000" + "eb01" + "c3" + "0f0b");
        }));
  }

  private static void assertBranches(int expected, X64TestMachine machine, String program) {
    for (int slice : new int[] {1, 7, 1000}) {
      List<Told> kept = new ArrayList<>();
      run(machine, slice, program, told -> {
        kept.add(told);
        told.cpu.watch(PerformanceMonitor.BRANCHES, Long.MAX_VALUE);
      });
      assertEquals(expected, kept.getFirst().branches[3], program + " in slices of " + slice);
    }
  }

  private static List<String> run(X64TestMachine machine, int slice, String program, Consumer<Told> before) {
    machine.code.fill(0, machine.code.size, (byte) 0xCC);
    byte[] bytes = HexFormat.of().parseHex(program);
    machine.code.write(0, bytes, 0, bytes.length);
    machine.user();
    Told told = new Told(machine);
    told.cpu.watch(PerformanceMonitor.LEVELS | PerformanceMonitor.ACTIVITY, Long.MAX_VALUE);
    before.accept(told);
    for (int done = 0; done < 400 && machine.cpu.runnable(); done += slice) {
      machine.engine.run(slice);
    }
    told.view.close();
    return told.told;
  }
}
