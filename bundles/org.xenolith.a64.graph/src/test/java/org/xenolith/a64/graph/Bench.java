// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/**
 * A CPU with 16 MiB of RAM at address 0, programs in assembly, and a device word at 0x900_0000. {@code hvc} stops the run.
 * EL1 vectors are at 0x1_0000; page tables for {@link #enableMmu} at 0x2_0000 map the RAM to itself.
 */
final class Bench extends BareMachine {
  static final long DEVICE = 0x900_0000L;
  static final long VECTORS = 0x1_0000;
  private static final long TABLES = 0x2_0000;

  final Ram ram;
  final List<Cpu> cpus = cpus();
  final List<String> events = new ArrayList<>();
  final List<Long> countsAtDevice = new ArrayList<>();
  final Cpu cpu;
  CpuEngine engine;
  boolean stopped;
  Runnable onDevice = () -> {};

  Bench() {
    this(CpuConfig.cortexA57(0));
  }

  Bench(CpuConfig config) {
    super(new Ram(0, 1 << 24));
    ram = ram(0);
    cpu = add(config);
    engine = new Interpreter(cpu);
  }

  Program load(long address, String source) {
    Program program = Assembler.program(address, source);
    ram.write((int) address, program.bytes(), 0, program.bytes().length);
    return program;
  }

  /** Loads a program and powers the CPU on at its start. */
  Bench start(long address, String source) {
    load(address, source);
    cpu.powerOn(address, 0);
    cpu.begin(0);
    cpu.end();
    cpu.sys[SysReg.VBAR_EL1.ordinal()] = VECTORS;
    cpu.sys[SysReg.CPACR_EL1.ordinal()] = 3 << 20;
    cpu.restored();
    return this;
  }

  /** Identity mapping of all RAM as Normal memory, and of the device's page as Device memory. */
  Bench enableMmu() {
    ram.write((int) TABLES, 8, TABLES + 0x1000 | 3);
    for (int i = 0; i < 8; i++) {
      ram.write((int) TABLES + 0x1000 + i * 8, 8, (long) i << 21 | 0x701);
    }
    ram.write((int) TABLES + 0x1000 + 72 * 8, 8, 0x900_0000L | 0x705);
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = TABLES;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 4L << 32;
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0x04FF;
    cpu.sys[SysReg.SCTLR_EL1.ordinal()] |= 1;
    cpu.restored();
    return this;
  }

  /** Runs until {@code hvc} or the limit; returns the instructions executed. */
  long run(long limit) {
    stopped = false;
    long done = 0;
    while (!stopped && done < limit && cpu.runnable()) {
      done += engine.run(limit - done);
    }
    return done;
  }

  /** Runs a program up to its {@code hvc}. */
  static Bench ran(String source) {
    Bench bench = new Bench().start(0x8_0000, source + "\n hvc #0");
    bench.run(1_000_000);
    if (!bench.stopped) {
      throw new AssertionError("no end; pc=0x%x events=%s".formatted(bench.cpu.pc, bench.events));
    }
    return bench;
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    stopped = true;
    caller.requestExit();
    return true;
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> events.add(kind + ' ' + place + ' ' + text);
  }

  @Override
  public long read(long address, int size) {
    return access(address);
  }

  @Override
  public void write(long address, int size, long value) {
    access(address);
  }

  private long access(long address) {
    if (address != DEVICE) {
      throw ExternalAbort.INSTANCE;
    }
    countsAtDevice.add(cpu.executed());
    onDevice.run();
    return countsAtDevice.size();
  }
}
