// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;

/**
 * An x86-64 CPU and its engine, for one input after the other. An input begins with how many instructions are executed, how large slices
 * are, and the mode (0 64-bit code at level 3, 1 at level 0, 2 32-bit code without paging, 3 real-address mode); then come eight bytes of
 * what registers point at, and the code: at the beginning of a page that two linear addresses lead to, which it may write. What faults
 * goes on at the next multiple of 16 bytes.
 */
final class X64CodeWorld {
  private static final long CODE = X64TestMachine.CODE;
  private static final long DATA = X64TestMachine.DATA;
  private static final int PAGE = 4096;
  private static final int MODES = 4;
  private static final int EXCEPTIONS = 32;
  /** Code is forgotten before each of so many slices, then before one of so many: to make it again takes longer than to execute it. */
  private static final int FORGETTING = 16;
  // In the first 64 KiB, beside what the test machine has there.
  private static final int TABLES = 0x1000;
  private static final int TABLES_END = 0x8000;
  private static final int LAST_LEVEL_OF_CODE = 0x6000;
  private static final int LONG_IDT = 0x9000;
  private static final int TASK = 0xA000;
  private static final int HANDLERS = 0xB000;
  private static final int FALLBACK = 0xB900;
  private static final int FX = 0xC000;
  private static final int GDT_32 = 0xD000;
  private static final int IDT_32 = 0xD100;
  private static final int COMMON = 0xE000;
  private static final int STACK = 0xF800;
  // What real-address mode has in the place of tables.
  private static final int REAL_CODE = 0x7000;
  private static final int REAL_DATA = 0x8000;
  private static final int REAL_STACK = 0x6000;
  /** Accessed and dirty, so that it can't be seen which pages an engine has looked up ahead. */
  private static final int ACCESSED = 0x60;
  /** What a CPU keeps of look-ups; for the same reason it isn't compared. */
  private static final String TLB = "tlb";
  /** Values of registers: pointers, and numbers of all sizes. */
  private static final long[] VALUES = {DATA + 0x800, DATA, DATA + 0xFF8, CODE, CODE + 0x1010, CODE + 0x40, 0, 1, -1,
      0x7FFF_FFFF_FFFF_FFFFL,
      0x8000_0000L, 0xFF, 0x40, LAST_LEVEL_OF_CODE, 0x8000_0000_0000_0000L, 0x1234_5678_9ABC_DEF0L};
  /**
   * PUSH RAX, PUSH RCX; RAX is RIP up to the next slot, and if that is elsewhere than code, the next slot that no fault has used; to
   * there, or HLT behind the last one.
   */
  private static final int[] RESUME = {0x50, 0x51, 0x48, 0x8B, 0x44, 0x24, 0x10, 0x48, 0x83, 0xE0, 0xF0, 0x48, 0x83, 0xC0, 0x10, 0x48, 0x89,
      0xC1, 0x48, 0xC1, 0xE9, 0x0D, 0x48, 0x81, 0xF9, 0, 0, 2, 0, 0x74, 0x19, 0x48, 0x8B, 0x04, 0x25, 0, 0xB9, 0, 0, 0x48, 0x83, 0x04, 0x25,
      0, 0xB9, 0, 0, 0x10, 0x48, 0x3D, 0, 0x10, 0, 0x40, 0x73, 0x09, 0x48, 0x89, 0x44, 0x24, 0x10, 0x59, 0x58, 0x48, 0xCF, 0xF4};

  private final String name;
  private final boolean sliced;
  private final X64TestMachine machine;

  /** @param name for messages @param sliced whether the engine is called again and again, and forgets code in between */
  X64CodeWorld(String name, Function<Core, CpuEngine> engines, boolean sliced) {
    this.name = name;
    this.sliced = sliced;
    machine = new X64TestMachine(engines);
  }

  /** Executes code. Returns what comes of it, a line for each part. */
  String outcome(byte[] input) {
    InputBytes bytes = new InputBytes(input);
    long most = 64 + 8L * bytes.next();
    int how = bytes.next();
    long slice = sliced ? 1 + (how >> 2) : most;
    long pointers = bytes.next(8);
    machine.user();
    memory(bytes.take(PAGE));
    mode(how & MODES - 1, pointers);
    int slices = 0;
    for (long done = 0; done < most; slices++) {
      if (sliced && (slices < FORGETTING || slices % FORGETTING == 0)) {
        forget();
      }
      long executed = machine.engine.run(Math.min(slice, most - done));
      if (executed == 0) {
        break;
      }
      done += executed;
    }
    return text();
  }

  /** What was decoded or translated is made anew: so all that is kept is what memory holds. */
  private void forget() {
    machine.cpu.codeWritten(machine.code, 0, PAGE);
    for (int at = 0; at < machine.low.size; at += PAGE) {
      machine.cpu.codeWritten(machine.low, at, PAGE);
    }
  }

  private void memory(byte[] code) {
    machine.code.fill(0, PAGE, (byte) 0xCC);
    machine.code.write(0, code, 0, code.length);
    for (int i = 0; i < PAGE; i += 8) {
      machine.data.write(i, 8, i % 64 == 0 ? Double.doubleToRawLongBits(i / 3.0 - 100) : VALUES[i >> 3 & 15] * (i % 128 < 64 ? 1 : i));
    }
    for (int i = 0; i < 512; i += 8) {
      machine.low.write(FX + i, 8, i < 160 ? 0 : Double.doubleToRawLongBits(i * 1.5 - 300));
    }
    machine.low.write(FX, 2, 0x37F);
    machine.low.write(FX + 24, 4, 0x1F80);
  }

  private void mode(int mode, long pointers) {
    Core cpu = machine.cpu;
    cpu.cpl = 0;
    cpu.restored();
    cpu.extended.fxrstor(FX, true);
    switch (mode) {
      case 0, 1 -> {
        machine.low.write(LAST_LEVEL_OF_CODE + 8, 8, CODE | 7);
        longHandlers();
        cpu.cpl = mode == 0 ? 3 : 0;
        if (mode == 1) {
          cpu.segments.set(CpuState.CS, 8, 0, 0xFFFF_FFFFL, 0xA09B);
          cpu.segments.set(CpuState.SS, 0x10, 0, 0xFFFF_FFFFL, 0xC093);
        }
      }
      case 2 -> {
        cpu.reset();
        cpu.start(new PvhEntry(CODE, 0));
        handlers32();
      }
      default -> {
        cpu.reset();
        cpu.start(new PvhEntry(0, 0));
        cpu.cr0 = 0x10;
        cpu.segments.set(CpuState.CS, REAL_CODE >> 4, REAL_CODE, 0xFFFF, 0x9B);
        cpu.segments.set(CpuState.DS, REAL_DATA >> 4, REAL_DATA, 0xFFFF, 0x93);
        cpu.pc = 0;
        real();
      }
    }
    for (int i = 0; i < 16; i++) {
      cpu.r[i] = VALUES[(int) (pointers >>> 4 * i) & 15];
    }
    cpu.r[CpuState.RSP] = mode == 3 ? REAL_STACK : DATA + 0xC00;
    cpu.restored();
  }

  private void longHandlers() {
    Ram low = machine.low;
    for (int at = TABLES; at < TABLES_END; at += 8) {
      long entry = low.read(at, 8);
      low.write(at, 8, (entry & 1) == 0 ? entry : entry | ACCESSED);
    }
    // The first of the interrupt stacks, which all gates use: where a guest's stack is wrong, it is found out.
    low.write(TASK + 36, 8, STACK);
    low.write(FALLBACK, 8, CODE);
    put(COMMON, RESUME);
    for (int vector = 0; vector < EXCEPTIONS; vector++) {
      low.write(LONG_IDT + 16 * vector + 4, 1, 1);
      int at = HANDLERS + 16 * vector;
      if (ExceptionVector.hasErrorCode(vector)) {
        put(at, 0x48, 0x83, 0xC4, 8);
        at += 4;
      }
      put(at, 0xE9);
      low.write(at + 1, 4, COMMON - at - 5);
    }
  }

  /** AND and ADD of EIP on the stack, IRET. */
  private void handlers32() {
    Ram low = machine.low;
    low.write(GDT_32 + 8, 8, 0x00CF_9B00_0000_FFFFL);
    low.write(GDT_32 + 16, 8, 0x00CF_9300_0000_FFFFL);
    for (int vector = 0; vector < EXCEPTIONS; vector++) {
      int at = COMMON + 16 * vector;
      low.write(IDT_32 + 8 * vector, 8, at & 0xFFFFL | 8L << 16 | 0x8E00L << 32);
      if (ExceptionVector.hasErrorCode(vector)) {
        put(at, 0x83, 0xC4, 4);
        at += 3;
      }
      put(at, 0x83, 0x24, 0x24, 0xF0, 0x83, 0x04, 0x24, 0x10, 0xCF);
    }
    Core cpu = machine.cpu;
    cpu.gdtBase = GDT_32;
    cpu.gdtLimit = 0x17;
    cpu.idtBase = IDT_32;
    cpu.idtLimit = 8 * EXCEPTIONS - 1;
  }

  /** The same of 16 bits: PUSH BP; MOV BP, SP; AND and ADD of [BP + 2]; POP BP; IRET. */
  private void real() {
    byte[] code = machine.code.content();
    machine.low.fill(0, machine.low.size, (byte) 0);
    machine.low.write(REAL_CODE, code, 0, PAGE);
    for (int vector = 0; vector < EXCEPTIONS; vector++) {
      machine.low.write(4 * vector, 4, COMMON);
    }
    put(COMMON, 0x55, 0x89, 0xE5, 0x83, 0x66, 2, 0xF0, 0x83, 0x46, 2, 0x10, 0x5D, 0xCF);
  }

  private void put(int address, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      machine.low.write(address + i, 1, bytes[i]);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder("memory");
    for (Ram ram : new Ram[] {machine.low, machine.code, machine.data}) {
      text.append(' ').append(Integer.toHexString(Arrays.hashCode(ram.content())));
    }
    text.append("\npc ").append(Long.toHexString(machine.cpu.pc)).append("\nevents ").append(machine.events).append('\n');
    Map<String, Object> values = new TreeMap<>(machine.cpu.state().save().values());
    values.remove(TLB);
    values.forEach((key, value) -> text.append(key).append(' ').append(switch (value) {
      case long[] numbers -> Arrays.toString(Arrays.stream(numbers).mapToObj(Long::toHexString).toArray());
      case int[] numbers -> Arrays.toString(numbers);
      case byte[] some -> Arrays.toString(some);
      default -> value.toString();
    }).append('\n'));
    return text.toString();
  }

  /** The lines in which two outcomes differ. */
  static String difference(String expected, String actual) {
    if (expected.equals(actual)) {
      return "";
    }
    String[] one = expected.split("\n");
    String[] other = actual.split("\n");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      if (!one[i].equals(other[i])) {
        text.append(other[i]).append(", interpreter: ").append(one[i]).append("; ");
      }
    }
    return text.isEmpty() ? "more or fewer lines" : text.toString();
  }

  /** The engine ends. */
  void close() {
    machine.engine.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
