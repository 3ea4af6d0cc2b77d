// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** 16 MiB of RAM at 1 GiB, one device window that notes its accesses at 0x900_0000, and page tables to put into it. */
final class FlatMachine implements CpuEnvironment, RamBus {
  static final long RAM = 0x4000_0000L;
  static final long DEVICE = 0x900_0000L;
  /** The EL1 level-1 table (39-bit addresses). */
  static final long TABLE = RAM + 0x10_0000;
  /** Normal write-back is attribute 0, Device-nGnRE attribute 1. */
  static final long MAIR = 0x04FF;
  static final long VALID_BLOCK = 0x401;
  static final long VALID_PAGE = 0x403;
  static final long USER = 1 << 6;
  static final long READ_ONLY = 1 << 7;
  static final long NOT_GLOBAL = 1 << 11;
  static final long DEVICE_MEMORY = 1 << 2;
  static final long USER_EXECUTE_NEVER = 1L << 54;
  static final long EXECUTE_NEVER = 1L << 53;

  final Ram ram = new Ram(RAM, 1 << 24);
  /** What loads from the window read directly; null if nothing. */
  Ram direct;
  final List<Cpu> cpus = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<String> accesses = new ArrayList<>();
  /** Whether the last access of the window was a privileged one. */
  boolean privileged;
  int woken;
  private long nextTable = TABLE + 0x1000;

  Cpu cpu(CpuConfig config) {
    Cpu cpu = new Cpu(cpus.size(), config, this);
    cpus.add(cpu);
    cpu.powerOn(RAM, 0);
    cpu.begin(0);
    cpu.end();
    return cpu;
  }

  Cpu cpu() {
    return cpu(CpuConfig.cortexA57(0));
  }

  /** Writes a system register as MSR at the CPU's level would. */
  static void msr(Cpu cpu, SysReg reg, long value) {
    cpu.registers.write(reg.id, 0, value);
  }

  /** Turns EL1's stage 1 on with 39-bit addresses in both halves. */
  void enableMmu(Cpu cpu) {
    msr(cpu, SysReg.TTBR0_EL1, TABLE);
    msr(cpu, SysReg.TTBR1_EL1, TABLE);
    msr(cpu, SysReg.TCR_EL1, 25 | 25L << 16 | 2L << 30 | 4L << 32 | 1L << 36);
    msr(cpu, SysReg.MAIR_EL1, MAIR);
    msr(cpu, SysReg.SCTLR_EL1, 0x30D0_0801L);
  }

  long newTable() {
    long table = nextTable;
    nextTable += 0x1000;
    return table;
  }

  void put(long address, long value) {
    ram.write((int) (address - RAM), 8, value);
  }

  long get(long address) {
    return ram.read((int) (address - RAM), 8);
  }

  /** Maps the 4 KiB page of {@code va} (39 bits) in EL1's tables. */
  void map(long va, long pa, long attributes) {
    long second = table(TABLE + (va >>> 30 & 511) * 8);
    long third = table(second + (va >>> 21 & 511) * 8);
    put(third + (va >>> 12 & 511) * 8, pa & -4096 | VALID_PAGE | attributes);
  }

  /** Maps the 2 MiB block of {@code va}. */
  void mapBlock(long va, long pa, long attributes) {
    put(table(TABLE + (va >>> 30 & 511) * 8) + (va >>> 21 & 511) * 8, pa & -1L << 21 | VALID_BLOCK | attributes);
  }

  private long table(long entry) {
    if ((get(entry) & 1) == 0) {
      put(entry, newTable() | 3);
    }
    return get(entry) & 0xFFFF_FFFF_F000L;
  }

  @Override
  public RamBus bus() {
    return this;
  }

  @Override
  public List<Cpu> cpus() {
    return cpus;
  }

  @Override
  public boolean firmwareCall(Cpu cpu, boolean hvc) {
    cpu.x[0] = hvc ? 1 : 2;
    return cpu.x[1] == 0;
  }

  @Override
  public void wake(Cpu cpu) {
    woken++;
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> events.add(kind + ' ' + place + ' ' + text);
  }

  @Override
  public Ram ram(long address) {
    return address >= RAM && address < RAM + (1 << 24) ? ram : null;
  }

  @Override
  public Ram readable(long address) {
    return direct != null && (address & -4096) == DEVICE ? direct : ram(address);
  }

  @Override
  public long read(long address, int size) {
    privileged = cpus.getFirst().privileged();
    accesses.add("r%d %x".formatted(size, address));
    if ((address & -4096) != DEVICE) {
      throw ExternalAbort.INSTANCE;
    }
    return 0x1122_3344_5566_7788L >>> 64 - 8 * size;
  }

  @Override
  public void write(long address, int size, long value) {
    privileged = cpus.getFirst().privileged();
    accesses.add("w%d %x %x".formatted(size, address, value));
    if ((address & -4096) != DEVICE) {
      throw ExternalAbort.INSTANCE;
    }
  }
}
