// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.a64.isa.SystemRegisterName;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterWords;

/** The registers of an A64 processor, by the names that the Arm ARM has: general and vector registers, PSTATE, and all of {@link SysReg} that it has. */
final class A64Registers {
  /** Of op0 in an encoding: debug registers. */
  private static final int DEBUG = 2;
  /** Of PSTATE: N, Z, C and V; D, A, I and F. */
  private static final long CONDITIONS = 0xF000_0000L;
  private static final long MASKS = 0x3C0;

  private final Cpu cpu;
  private final List<RegisterDescription> descriptions = new ArrayList<>();
  private final Map<String, Supplier<long[]>> values = new LinkedHashMap<>();
  /** How those are set that can be. */
  private final Map<String, Consumer<long[]>> setters = new HashMap<>();

  A64Registers(Cpu cpu) {
    this.cpu = cpu;
    for (int i = 0; i < 31; i++) {
      int number = i;
      add("X" + i, "general", 64, () -> one(cpu.x[number]));
      setters.put("X" + i, value -> cpu.x[number] = value[0]);
    }
    add("SP", "general", 64, () -> one(cpu.x[Cpu.SP]));
    setters.put("SP", value -> cpu.x[Cpu.SP] = value[0]);
    add("PC", "general", 64, () -> one(cpu.pc));
    setters.put("PC", value -> {
      cpu.pc = value[0];
      cpu.refetch = true;
    });
    add("PSTATE", "general", 32, () -> one(pstate()));
    setters.put("PSTATE", value -> setPstate(value[0]));
    for (int i = 0; i < 32; i++) {
      int number = i;
      add("V" + i, "vector", 128, () -> new long[] {cpu.v[2 * number], cpu.v[2 * number + 1]});
      setters.put("V" + i, value -> System.arraycopy(value, 0, cpu.v, 2 * number, 2));
    }
    Stream.of(SysReg.values()).filter(cpu.registers::built).sorted(Comparator.comparing(A64Registers::group))
        .forEach(this::addSystem);
    if (cpu.config.el3()) {
      // It has no encoding: only EL3 itself has it, as SP.
      add("SP_EL3", "system, EL3", 64, () -> one(cpu.stackLevel() == 3 ? cpu.x[Cpu.SP] : cpu.sp[3]));
      setters.put("SP_EL3", value -> (cpu.stackLevel() == 3 ? cpu.x : cpu.sp)[cpu.stackLevel() == 3 ? Cpu.SP : 3] = value[0]);
    }
    addIdentification();
  }

  private void addSystem(SysReg register) {
    add(SysReg.class, register.name(), group(register), 64, () -> one(cpu.registers.value(register)));
    if (cpu.registers.settable(register)) {
      setters.put(register.name(), value -> cpu.registers.set(register, value[0]));
    }
  }

  private long pstate() {
    return cpu.pstate() & 0xFFFF_FFFFL | (long) cpu.softwareStep << 21;
  }

  /** Condition flags and masks; the others are what instructions make of them. */
  private void setPstate(long value) {
    if (((value ^ pstate()) & ~(CONDITIONS | MASKS)) != 0) {
      throw new IllegalArgumentException(
          "cpu %d: PSTATE 0x%x, which is 0x%x: only N, Z, C, V, D, A, I and F can be set; change the level by an exception or its return"
              .formatted(cpu.index(), value, pstate()));
    }
    cpu.registers.set(SysReg.NZCV, value & CONDITIONS);
    cpu.registers.set(SysReg.DAIF, value & MASKS);
  }

  private static String group(SysReg register) {
    return register.id >> 14 == DEBUG ? "debug" : "system, EL" + register.level;
  }

  /** The block op0=3, op1=0, CRn=0, of which the unnamed ones are reserved. */
  private void addIdentification() {
    for (int encoding = SystemRegister.id(3, 0, 0, 1, 0); encoding <= SystemRegister.id(3, 0, 0, 7, 7); encoding++) {
      String name = SystemRegisterName.of(encoding).toUpperCase(Locale.ROOT);
      int id = encoding;
      if (!name.startsWith("S3_")) {
        add(name, "identification", 64, () -> one(cpu.systemRegister(id)));
      }
    }
  }

  private static long[] one(long value) {
    return new long[] {value};
  }

  private void add(String name, String group, int bits, Supplier<long[]> value) {
    add(A64Registers.class, name, group, bits, value);
  }

  /** @param table beside which the manual's words are */
  private void add(Class<?> table, String name, String group, int bits, Supplier<long[]> value) {
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
    setter.accept(value);
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
