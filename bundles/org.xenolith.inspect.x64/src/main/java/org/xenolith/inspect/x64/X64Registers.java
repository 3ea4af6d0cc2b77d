// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.Msr;

/** The registers of an x86-64 processor, by the names that the Intel SDM has; of the model-specific ones all of {@link Msr} that can be read. */
final class X64Registers {
  private static final String[] GENERAL = {"RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13",
      "R14", "R15"};
  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS", "LDTR", "TR"};
  private static final String SEGMENT = "segment";
  private static final String CONTROL = "control";
  private static final String X87 = "x87";
  private static final int TOP = 11;

  private final Core cpu;
  private final List<RegisterDescription> descriptions = new ArrayList<>();
  private final Map<String, Supplier<long[]>> values = new LinkedHashMap<>();

  X64Registers(Core cpu) {
    this.cpu = cpu;
    for (int i = 0; i < GENERAL.length; i++) {
      int number = i;
      add(GENERAL[i], "general", 64, () -> cpu.r[number]);
    }
    add("RIP", "general", 64, () -> cpu.pc);
    add("RFLAGS", "general", 64, cpu::rflags);
    addSegments();
    addControl();
    for (int i = 0; i < 16; i++) {
      int number = i;
      words("XMM" + i, "SSE", 128, () -> new long[] {cpu.xmm[2 * number], cpu.xmm[2 * number + 1]});
    }
    add("MXCSR", "SSE", 32, () -> cpu.mxcsr & 0xFFFF_FFFFL);
    addX87();
    for (Msr register : Msr.values()) {
      if (cpu.msrs.look(register).isPresent()) {
        add(register.name(), "model-specific", 64, () -> cpu.msrs.look(register).orElse(0));
      }
    }
  }

  private void addSegments() {
    for (int i = 0; i < SEGMENTS.length; i++) {
      int number = i;
      add(SEGMENTS[i], SEGMENT, 16, () -> cpu.selector[number] & 0xFFFF);
      add(SEGMENTS[i] + "_BASE", SEGMENT, 64, () -> cpu.base[number]);
      add(SEGMENTS[i] + "_LIMIT", SEGMENT, 32, () -> cpu.limit[number] & 0xFFFF_FFFFL);
      add(SEGMENTS[i] + "_ATTRIBUTES", SEGMENT, 16, () -> cpu.attributes[number] & 0xFFFF);
    }
    add("GDTR_BASE", SEGMENT, 64, () -> cpu.gdtBase);
    add("GDTR_LIMIT", SEGMENT, 16, () -> cpu.gdtLimit & 0xFFFF);
    add("IDTR_BASE", SEGMENT, 64, () -> cpu.idtBase);
    add("IDTR_LIMIT", SEGMENT, 16, () -> cpu.idtLimit & 0xFFFF);
  }

  private void addControl() {
    add("CR0", CONTROL, 64, () -> cpu.cr0);
    add("CR2", CONTROL, 64, () -> cpu.cr2);
    add("CR3", CONTROL, 64, () -> cpu.cr3);
    add("CR4", CONTROL, 64, () -> cpu.cr4);
    add("XCR0", CONTROL, 64, () -> cpu.xcr0);
    add("PKRU", CONTROL, 32, () -> cpu.pkru & 0xFFFF_FFFFL);
    for (int i : new int[] {0, 1, 2, 3, 6, 7}) {
      add("DR" + i, "debug", 64, () -> cpu.dr[i]);
    }
  }

  /** ST0 is the top of the stack, as assemblers have it. */
  private void addX87() {
    for (int i = 0; i < 8; i++) {
      int number = i;
      words("ST" + i, X87, 80, () -> {
        int at = cpu.top + number & 7;
        return new long[] {cpu.significand[at], cpu.exponent[at] & 0xFFFF};
      });
    }
    add("FCW", X87, 16, () -> cpu.controlWord & 0xFFFF);
    add("FSW", X87, 16, () -> cpu.statusWord & 0xFFFF & ~(7 << TOP) | cpu.top << TOP);
    // A bit for each register that isn't empty, as FXSAVE has it (Intel SDM volume 1, 10.5.1).
    add("FTW", X87, 8, () -> cpu.valid & 0xFF);
    add("FOP", X87, 11, () -> cpu.lastOpcode & 0x7FF);
    add("FIP", X87, 64, () -> cpu.lastInstruction);
    add("FDP", X87, 64, () -> cpu.lastData);
  }

  private void add(String name, String group, int bits, LongSupplier value) {
    words(name, group, bits, () -> new long[] {value.getAsLong()});
  }

  private void words(String name, String group, int bits, Supplier<long[]> value) {
    descriptions.add(new RegisterDescription(name, group, bits));
    values.put(name, value);
  }

  List<RegisterDescription> descriptions() {
    return List.copyOf(descriptions);
  }

  long[] value(String name) {
    Supplier<long[]> value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("cpu " + cpu.index() + " has no register " + name);
    }
    return value.get();
  }
}
