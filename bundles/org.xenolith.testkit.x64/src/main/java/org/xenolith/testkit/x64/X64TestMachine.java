// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuEnvironment;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.CpuState;

/**
 * One x86-64 CPU with a page of code, a page of data and page tables, in user mode of 64-bit code. Every exception leads to a HLT whose address tells its vector; at ports and
 * other addresses a {@link #device} answers, or nothing.
 */
public final class X64TestMachine implements CpuEnvironment, RamBus {
  /** Address of the page of code. */
  public static final long CODE = 0x4000_0000L;
  /** Address of the page of data. */
  public static final long DATA = 0x5000_0000L;
  private static final int TABLES = 0x1000;
  private static final int GDT = 0x8000;
  private static final int IDT = 0x9000;
  private static final int TASK = 0xA000;
  private static final int HANDLERS = 0xB000;
  private static final int STACK = 0xB800;
  private static final int PRESENT = 3;
  private static final int USER = 7;

  /** The first 64 KiB: tables, and the stack of level 0. */
  public final Ram low = new Ram(0, 1 << 16);
  /** The page of code. */
  public final Ram code = new Ram(CODE, 4096);
  /** The page of data. */
  public final Ram data = new Ram(DATA, 4096);
  /** Memory that only software of a host has, for tables of its own; no guest table leads there. */
  public final Ram hosts = new Ram(0x9000_0000L, 1 << 16);
  /** What was reported. */
  public final List<String> events = new ArrayList<>();
  /** The CPU. */
  public final Core cpu;
  /** Its engine. */
  public final CpuEngine engine;
  /** What answers at addresses without RAM; null for nothing. */
  public PhysicalBus device;
  private final Exits exits = new Exits();

  /** @param engines makes the engine of a CPU */
  public X64TestMachine(Function<Core, CpuEngine> engines) {
    cpu = new Core(0, 0, CpuModel.BASELINE, this);
    for (Ram ram : List.of(low, code, data)) {
      ram.listen((chunk, offset, length) -> cpu.codeWritten(chunk, offset, length));
    }
    engine = engines.apply(cpu);
  }

  private void tables() {
    low.write(TABLES, 8, 0x2000 | USER);
    low.write(0x2000, 8, 0x3000 | USER);
    low.write(0x2008, 8, 0x5000 | USER);
    low.write(0x3000, 8, 0x4000 | USER);
    for (int i = 0; i < 16; i++) {
      low.write(0x4000 + i * 8, 8, i * 4096L | PRESENT);
    }
    low.write(0x5000, 8, 0x6000 | USER);
    low.write(0x6000, 8, CODE | USER);
    low.write(0x5000 + 8 * 128, 8, 0x7000 | USER);
    low.write(0x7000, 8, DATA | USER);
    // Level 0: code and data; level 3: data and code with the selectors that Linux has.
    low.write(GDT + 0x08, 8, 0x0020_9B00_0000_0000L);
    low.write(GDT + 0x10, 8, 0x00CF_9300_0000_FFFFL);
    low.write(GDT + 0x28, 8, 0x00CF_F300_0000_FFFFL);
    low.write(GDT + 0x30, 8, 0x0020_FB00_0000_0000L);
    low.write(TASK + 4, 8, STACK);
    for (int vector = 0; vector < 32; vector++) {
      long handler = HANDLERS + vector * 16L;
      low.write(IDT + vector * 16, 8, handler & 0xFFFF | 8L << 16 | 0xEE00L << 32 | handler >>> 16 << 48);
      low.write(IDT + vector * 16 + 8, 8, 0);
      low.write(HANDLERS + vector * 16, 1, 0xF4);
    }
  }

  /** The CPU in user mode at the beginning of the code page; tables are as they were, whatever a guest has done to them. */
  public void user() {
    low.fill(0, low.size, (byte) 0);
    tables();
    events.clear();
    cpu.reset();
    cpu.start(new PvhEntry(0, 0));
    cpu.cr0 = ControlBits.PE | ControlBits.PG | ControlBits.WP | ControlBits.NE | ControlBits.MP | ControlBits.ET;
    cpu.cr3 = TABLES;
    cpu.cr4 = ControlBits.PAE | ControlBits.OSFXSR | ControlBits.OSXMMEXCPT | ControlBits.OSXSAVE | ControlBits.FSGSBASE;
    cpu.efer = ControlBits.LME | ControlBits.LMA | ControlBits.SCE | ControlBits.NXE;
    cpu.xcr0 = 3;
    cpu.gdtBase = GDT;
    cpu.gdtLimit = 0x4F;
    cpu.idtBase = IDT;
    cpu.idtLimit = 0x1FF;
    cpu.segments.set(CpuState.TR, 0x40, TASK, 0x67, 0x8B);
    cpu.cpl = 3;
    cpu.segments.set(CpuState.CS, 0x33, 0, 0xFFFF_FFFFL, 0xA0FB);
    cpu.segments.set(CpuState.SS, 0x2B, 0, 0xFFFF_FFFFL, 0xC0F3);
    cpu.pc = CODE;
    cpu.restored();
  }

  /** The vector of the exception whose handler has halted the CPU. */
  public int vector() {
    return (int) (cpu.pc - HANDLERS) >> 4;
  }

  /** Where the handler of an exception is. */
  public static long handler(int vector) {
    return HANDLERS + vector * 16L;
  }

  /** A word of the frame of that exception, from RIP on: 0 RIP, 1 CS, 2 RFLAGS, 3 RSP, 4 SS. */
  public long frame(int word) {
    int at = (int) cpu.r[CpuState.RSP] + (org.xenolith.x64.arch.ExceptionVector.hasErrorCode(vector()) ? 8 : 0);
    return low.read(at + word * 8, 8);
  }

  @Override
  public RamBus bus() {
    return this;
  }

  @Override
  public long now() {
    // Before there is a CPU it may ask, too.
    return cpu == null ? 0 : cpu.retired();
  }

  @Override
  public long nanoseconds() {
    return now();
  }

  @Override
  public void wake() {}

  @Override
  public int cpus() {
    return 1;
  }

  @Override
  public void codeMarked(long frame) {
    cpu.mmu.codeMarked(frame);
  }

  @Override
  public Exits exits() {
    return exits;
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> events.add(kind + " " + place + " " + text);
  }

  @Override
  public @Nullable Ram ram(long address) {
    for (Ram ram : new Ram[] {low, code, data, hosts}) {
      if (address >= ram.base && address - ram.base < ram.size) {
        return ram;
      }
    }
    return null;
  }

  @Override
  public long read(long address, int size) {
    Ram ram = ram(address);
    if (ram == null) {
      return answering().read(address, size);
    }
    return ram.read((int) (address - ram.base), size);
  }

  @Override
  public void write(long address, int size, long value) {
    Ram ram = ram(address);
    if (ram == null) {
      answering().write(address, size, value);
      return;
    }
    ram.write((int) (address - ram.base), size, value);
  }

  private PhysicalBus answering() {
    if (device == null) {
      throw ExternalAbort.INSTANCE;
    }
    return device;
  }
}
