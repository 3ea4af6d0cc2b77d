// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.graph.Interpreter;

/** The same machine twice: what the interpreter and machine code make of a program. */
final class TwoEngines {
  private final X64TestMachine expected = new X64TestMachine(Interpreter::new);
  private final X64TestMachine actual;

  TwoEngines() {
    this(null);
  }

  /** @param folder where machine code is kept; null for nowhere */
  TwoEngines(TranslationFolder folder) {
    actual = new X64TestMachine(cpu -> new MachineCodeEngine(cpu, folder));
  }

  /** Machine code is kept, and nothing executed any more. */
  void close() {
    expected.engine.close();
    actual.engine.close();
  }

  /** Prepares both, in user mode at the beginning of the page of code, which has nothing but INT3 yet. */
  void begin(Consumer<X64TestMachine> prepared) {
    for (X64TestMachine machine : new X64TestMachine[] {expected, actual}) {
      machine.code.fill(0, machine.code.size, (byte) 0xCC);
      machine.data.fill(0, machine.data.size, (byte) 0);
      machine.user();
      prepared.accept(machine);
    }
  }

  /**
   * Executes so many instructions in slices of random sizes, the same on both sides. Returns how they differ behind a slice, or an empty text.
   *
   * @param seed of the slices
   */
  String run(long instructions, long seed) {
    return run(instructions, seed, machine -> {
      // Nothing comes from outside.
    });
  }

  /** The same. @param outside what comes from outside, now and then between two slices */
  String run(long instructions, long seed, Consumer<X64TestMachine> outside) {
    SplittableRandom random = new SplittableRandom(seed);
    long left = instructions;
    while (left > 0) {
      long slice = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
      if (random.nextInt(4) == 0) {
        each(outside);
      }
      long one = expected.engine.run(slice);
      long other = actual.engine.run(slice);
      String difference = one != other ? "%d instructions, not %d; ".formatted(other, one) : "";
      difference += difference();
      if (difference.isEmpty() && (left == slice || random.nextInt(8) == 0)) {
        difference = hidden();
      }
      if (!difference.isEmpty()) {
        return "after " + (instructions - left + one) + ": " + difference;
      }
      left -= slice;
    }
    return "";
  }

  /** Does the same with both machines. */
  void each(Consumer<X64TestMachine> action) {
    action.accept(expected);
    action.accept(actual);
  }

  /** How the two states differ. */
  private String difference() {
    StringBuilder text = new StringBuilder();
    Core one = expected.cpu;
    Core other = actual.cpu;
    for (int i = 0; i < 16; i++) {
      add(text, "r" + i, one.r[i], other.r[i]);
      add(text, "xmm" + i, one.xmm[2 * i], other.xmm[2 * i]);
      add(text, "xmm" + i + " high", one.xmm[2 * i + 1], other.xmm[2 * i + 1]);
    }
    add(text, "rip", one.pc, other.pc);
    add(text, "rflags", one.rflags(), other.rflags());
    add(text, "level", one.cpl, other.cpl);
    add(text, "cr2", one.cr2, other.cr2);
    add(text, "mxcsr", one.mxcsr, other.mxcsr);
    addMemory(text);
    return text.toString();
  }

  /** How they differ in what no program sees at once: the TLB, a shadow over interrupts. It takes longer. */
  private String hidden() {
    StringBuilder text = new StringBuilder();
    Map<String, Object> there = actual.cpu.state().save().values();
    expected.cpu.state().save().values().forEach((name, value) -> {
      if (!Objects.deepEquals(value, there.get(name))) {
        text.append(name + " is " + shown(there.get(name)) + ", not " + shown(value) + "; ");
      }
    });
    return text.toString();
  }

  private static String shown(Object value) {
    return value instanceof Long number ? Long.toHexString(number) : "another one";
  }

  private void addMemory(StringBuilder text) {
    Ram[] here = {expected.low, expected.code, expected.data};
    Ram[] there = {actual.low, actual.code, actual.data};
    for (int i = 0; i < here.length; i++) {
      int at = Arrays.mismatch(bytes(here[i]), bytes(there[i]));
      if (at >= 0) {
        add(text, "memory at %x".formatted(here[i].base + at), here[i].read(at, 1), there[i].read(at, 1));
      }
    }
  }

  private static byte[] bytes(Ram ram) {
    byte[] bytes = new byte[ram.size];
    ram.read(0, bytes, 0, ram.size);
    return bytes;
  }

  private static void add(StringBuilder text, String what, long one, long other) {
    if (one != other) {
      text.append("%s is %x, not %x; ".formatted(what, other, one));
    }
  }

  Core actual() {
    return actual.cpu;
  }
}
