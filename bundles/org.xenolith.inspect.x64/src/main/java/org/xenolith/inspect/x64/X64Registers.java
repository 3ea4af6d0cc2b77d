// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterWords;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.arch.Msr;
import org.xenolith.x64.isa.DecodeMode;

/** The registers of an x86-64 processor, by the names that the Intel SDM has; of the model-specific ones all of {@link Msr} that can be read. */
final class X64Registers {
  static final String[] GENERAL = {"RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13",
      "R14", "R15"};
  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS", "LDTR", "TR"};
  private static final String SEGMENT = "segment";
  private static final String CONTROL = "control";
  private static final String X87 = "x87";
  private static final int TOP = 11;
  /** Bits of RFLAGS that software sets: those of arithmetic, TF, IF, DF, IOPL, NT, RF, AC and ID. */
  private static final long FLAGS = FlagBits.ARITHMETIC | 0x25_7700;
  /** GD of DR7. */
  private static final long GENERAL_DETECT = 1 << 13;

  private final Core cpu;
  private final List<RegisterDescription> descriptions = new ArrayList<>();
  private final Map<String, Supplier<long[]>> values = new LinkedHashMap<>();
  /** How those are set that can be; what a processor refuses to software is a fault. */
  private final Map<String, Consumer<long[]>> setters = new HashMap<>();

  X64Registers(Core cpu) {
    this.cpu = cpu;
    for (int i = 0; i < GENERAL.length; i++) {
      int number = i;
      add(GENERAL[i], "general", 64, () -> cpu.r[number]);
      setters.put(GENERAL[i], value -> cpu.r[number] = value[0]);
    }
    add("RIP", "general", 64, () -> cpu.pc);
    setters.put("RIP", value -> jump(value[0]));
    add("RFLAGS", "general", 64, cpu::rflags);
    setters.put("RFLAGS", value -> setFlags(value[0]));
    addSegments();
    addControl();
    for (int i = 0; i < 16; i++) {
      int number = i;
      words("XMM" + i, "SSE", 128, () -> new long[] {cpu.xmm[2 * number], cpu.xmm[2 * number + 1]});
      setters.put("XMM" + i, value -> System.arraycopy(value, 0, cpu.xmm, 2 * number, 2));
    }
    add("MXCSR", "SSE", 32, () -> cpu.mxcsr & 0xFFFF_FFFFL);
    addX87();
    for (Msr register : Msr.values()) {
      if (cpu.msrs.look(register).isPresent()) {
        words(Msr.class, register.name(), "model-specific", 64, () -> new long[] {cpu.msrs.look(register).orElse(0)});
        setters.put(register.name(), value -> cpu.msrs.set(register, value[0]));
      }
    }
  }

  /** The number of a general register, or -1. */
  static int generalNumber(String name) {
    return Arrays.asList(GENERAL).indexOf(name);
  }

  private void jump(long address) {
    if (cpu.mode == DecodeMode.LONG_64 ? !Mmu.canonical(address) : address >>> 32 != 0) {
      throw refused("RIP", address, "no address that code can have in this mode");
    }
    cpu.pc = address;
    cpu.refetch = true;
  }

  private void setFlags(long value) {
    if (((value ^ cpu.rflags()) & ~FLAGS) != 0) {
      throw refused("RFLAGS", value, "reserved bits, VM, VIF and VIP can't be changed");
    }
    cpu.setFlags(value, (int) FLAGS);
  }

  private void setTables(long value) {
    if (value >>> 32 != 0 && !cpu.longMode()) {
      throw refused("CR3", value, "outside of long mode it has 32 bits");
    }
    cpu.controls.write(3, value);
  }

  private void setDebug(int number, long value) {
    if ((cpu.dr[7] & GENERAL_DETECT) != 0) {
      throw refused("DR" + number, value, "DR7.GD has every access to debug registers end in an exception");
    }
    cpu.controls.debug(number, value);
  }

  private IllegalArgumentException refused(String name, long value, String why) {
    return new IllegalArgumentException("cpu %d: %s can't become 0x%x: %s".formatted(cpu.index(), name, value, why));
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
    for (int i : new int[] {0, 2, 4}) {
      setters.put("CR" + i, value -> cpu.controls.write(i, value[0]));
    }
    setters.put("CR3", value -> setTables(value[0]));
    setters.put("XCR0", value -> cpu.controls.xcr0(0, value[0]));
    setters.put("PKRU", value -> cpu.mmu.userKeys((int) value[0]));
    add("XCR0", CONTROL, 64, () -> cpu.xcr0);
    add("PKRU", CONTROL, 32, () -> cpu.pkru & 0xFFFF_FFFFL);
    for (int i : new int[] {0, 1, 2, 3, 6, 7}) {
      add("DR" + i, "debug", 64, () -> cpu.dr[i]);
      setters.put("DR" + i, value -> setDebug(i, value[0]));
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
    // The same in two bits for each physical register, as FSTENV has it (8.1.7): of one that isn't empty, what kind of number it is isn't told.
    add("FTAG", X87, 16, () -> {
      int tags = 0;
      for (int i = 0; i < 8; i++) {
        tags |= ((cpu.valid >>> i & 1) != 0 ? 0 : 3) << 2 * i;
      }
      return tags;
    });
    add("FOP", X87, 11, () -> cpu.lastOpcode & 0x7FF);
    add("FIP", X87, 64, () -> cpu.lastInstruction);
    add("FDP", X87, 64, () -> cpu.lastData);
  }

  private void add(String name, String group, int bits, LongSupplier value) {
    words(name, group, bits, () -> new long[] {value.getAsLong()});
  }

  private void words(String name, String group, int bits, Supplier<long[]> value) {
    words(X64Registers.class, name, group, bits, value);
  }

  /** @param table beside which the manual's words are */
  private void words(Class<?> table, String name, String group, int bits, Supplier<long[]> value) {
    RegisterWords words = FieldText.beside(table).of(name);
    descriptions.add(new RegisterDescription(name, group, bits, words.title(), words.fields()));
    values.put(name, value);
  }

  List<RegisterDescription> descriptions() {
    return List.copyOf(descriptions);
  }

  boolean settable(String name) {
    return setters.containsKey(name);
  }

  /** As {@code InspectedProcessor.set} says. */
  void set(String name, long[] value) {
    Consumer<long[]> setter = setters.get(name);
    if (setter == null) {
      throw values.containsKey(name) ? new IllegalArgumentException("cpu " + cpu.index() + ": " + name + " can only be read") : unknown(
          name);
    }
    int vector = cpu.faultVector;
    int error = cpu.faultError;
    try {
      setter.accept(value);
    } catch (CpuFault fault) {
      cpu.faultVector = vector;
      cpu.faultError = error;
      throw refused(name, value[0], "the processor refuses it to software, too");
    }
  }

  private IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("cpu " + cpu.index() + " has no register " + name);
  }

  long[] value(String name) {
    Supplier<long[]> value = values.get(name);
    if (value == null) {
      throw unknown(name);
    }
    return value.get();
  }
}
