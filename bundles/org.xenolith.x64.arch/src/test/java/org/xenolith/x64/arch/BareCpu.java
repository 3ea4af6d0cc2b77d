// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.x64.api.PvhEntry;

/** A CPU with a mebibyte of RAM, and no engine: tests put it into a state and ask what it does. */
final class BareCpu implements CpuEnvironment, RamBus {
  static final int PRESENT = 1;
  static final int WRITE = 2;
  static final int USER = 4;
  static final int LARGE = 0x80;
  static final long NO_EXECUTE = 1L << 63;
  /** Where 4-level tables are that {@link #longMode} makes: all of RAM, for level 0, in the first page table. */
  static final int TABLES = 0x1000;
  static final int GDT = 0x8000;
  static final int IDT = 0x9000;
  static final int TASK = 0xA000;

  final Ram ram = new Ram(0, 1 << 20);
  final List<String> events = new ArrayList<>();
  final Core cpu;
  private final Exits exits = new Exits();

  BareCpu() {
    this(CpuModel.BASELINE);
  }

  BareCpu(CpuModel model) {
    cpu = new Core(0, 0, model, this);
    reset();
  }

  void reset() {
    ram.fill(0, ram.size, (byte) 0);
    events.clear();
    cpu.reset();
    cpu.start(new PvhEntry(0, 0));
  }

  /** 64-bit mode at level 0, with flat segments; the first mebibyte is mapped, for level 3 too. */
  void longMode() {
    ram.write(TABLES, 8, 0x2000 | PRESENT | WRITE | USER);
    ram.write(0x2000, 8, 0x3000 | PRESENT | WRITE | USER);
    ram.write(0x3000, 8, 0x4000 | PRESENT | WRITE | USER);
    for (int i = 0; i < 256; i++) {
      ram.write(0x4000 + i * 8, 8, i * 4096L | PRESENT | WRITE | USER);
    }
    ram.write(GDT + 0x08, 8, 0x0020_9B00_0000_0000L);
    ram.write(GDT + 0x10, 8, 0x00CF_9300_0000_FFFFL);
    ram.write(GDT + 0x28, 8, 0x00CF_F300_0000_FFFFL);
    ram.write(GDT + 0x30, 8, 0x0020_FB00_0000_0000L);
    cpu.cr0 = ControlBits.PE | ControlBits.PG | ControlBits.WP | ControlBits.NE | ControlBits.ET;
    cpu.cr3 = TABLES;
    cpu.cr4 = ControlBits.PAE | ControlBits.OSFXSR;
    cpu.efer = ControlBits.LME | ControlBits.LMA | ControlBits.SCE | ControlBits.NXE;
    cpu.gdtBase = GDT;
    cpu.gdtLimit = 0x5F;
    cpu.idtBase = IDT;
    cpu.idtLimit = 0xFFF;
    cpu.segments.set(CpuState.TR, 0x40, TASK, 0x67, 0x8B);
    level(0);
  }

  /** Puts the CPU into a level, with code and stack segments of it. */
  void level(int level) {
    cpu.cpl = level;
    cpu.segments.set(CpuState.CS, level == 0 ? 8 : 0x33, 0, 0xFFFF_FFFFL, level == 0 ? 0xA09B : 0xA0FB);
    cpu.segments.set(CpuState.SS, level == 0 ? 0x10 : 0x2B, 0, 0xFFFF_FFFFL, level == 0 ? 0xC093 : 0xC0F3);
    cpu.restored();
  }

  /** A gate of 64-bit mode. */
  void gate(int vector, int selector, long handler, int type, int stack) {
    ram.write(IDT + vector * 16, 8, handler & 0xFFFF | (long) selector << 16 | (long) stack << 32 | (long) type << 40 | handler >>> 16
        << 48);
    ram.write(IDT + vector * 16 + 8, 8, handler >>> 32);
  }

  @Override
  public RamBus bus() {
    return this;
  }

  @Override
  public long now() {
    return 0;
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
    return (kind, place, text) -> events.add(kind + " " + text);
  }

  @Override
  public Ram ram(long address) {
    return address >= 0 && address < ram.size ? ram : null;
  }

  @Override
  public long read(long address, int size) {
    Ram at = ram(address);
    if (at == null) {
      throw ExternalAbort.INSTANCE;
    }
    return at.read((int) address, size);
  }

  @Override
  public void write(long address, int size, long value) {
    Ram at = ram(address);
    if (at == null) {
      throw ExternalAbort.INSTANCE;
    }
    at.write((int) address, size, value);
  }
}
