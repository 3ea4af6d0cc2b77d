// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.util.TreeMap;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.HostPort;

/**
 * A host's software under an {@link X64TestMachine}: nested tables in the memory that is its own, which lead each page to where the machine has it once a guest needs it, and answers that follow from
 * what is asked. All calls are noted.
 */
public final class X64TestHost implements HostPort {
  /** Guest physical address of a page that the host answers at. */
  public static final long EMULATED = 0x7000_0000L;
  /** The vector of the interrupt that is requested. */
  public static final int VECTOR = 31;
  private static final int ABSENT_MSR = 0x99;
  private static final int PRESENT = 7;

  private final X64TestMachine machine;
  private final StringBuilder notes = new StringBuilder();
  private final TreeMap<String, Integer> counts = new TreeMap<>();
  private final Runnable asks;
  private int priority;
  private int taken;

  /**
   * Puts itself under a machine.
   *
   * @param asks asks for an interrupt, by a controller that was claimed
   */
  public X64TestHost(X64TestMachine machine, Runnable asks) {
    this.machine = machine;
    this.asks = asks;
    machine.cpu.host.attach(this);
    forgetTables();
  }

  /** Nested tables lead nowhere, until the guest needs it. */
  public void forgetTables() {
    machine.hosts.fill(0, machine.hosts.size, (byte) 0);
    taken = 0;
    machine.cpu.host.nestedRoot(machine.hosts.base);
  }

  /** What it was called for since the last look, a line each. */
  public String notes() {
    String all = notes.toString();
    notes.setLength(0);
    return all;
  }

  /** How often it was called, by what for. */
  public TreeMap<String, Integer> counts() {
    return counts;
  }

  private void note(String what, long... values) {
    notes.append(what);
    for (long value : values) {
      notes.append(' ').append(Long.toHexString(value));
    }
    notes.append('\n');
    counts.merge(what, 1, Integer::sum);
  }

  /** Leads a page to where the machine has it, with stores only if one asks. */
  private void map(long address, boolean write) {
    long table = machine.hosts.base;
    for (int level = 3; level > 0; level--) {
      int place = (int) (table - machine.hosts.base) + (int) (address >>> 12 + 9 * level & 511) * 8;
      long entry = machine.hosts.read(place, 8);
      if (entry == 0) {
        entry = free() | PRESENT;
        machine.hosts.write(place, 8, entry);
      }
      table = entry & -4096;
    }
    int place = (int) (table - machine.hosts.base) + (int) (address >>> 12 & 511) * 8;
    machine.hosts.write(place, 8, address & -4096 | (write ? PRESENT : PRESENT & ~2));
  }

  private long free() {
    taken += 4096;
    if (taken >= machine.hosts.size) {
      throw new IllegalStateException("tables are full");
    }
    return machine.hosts.base + taken;
  }

  // ---- Between two instructions

  @Override
  public void start(Core cpu) {
    note("start");
    cpu.host.nestedRoot(machine.hosts.base);
  }

  @Override
  public void interrupt(Core cpu) {
    note("interrupt", cpu.pc);
    cpu.host.acknowledge();
    cpu.host.request(true);
  }

  @Override
  public void halted(Core cpu) {
    note("halted", cpu.pc);
    if ((cpu.r[CpuState.RBX] & 1) == 0 && cpu.host.requested()) {
      return;
    }
    cpu.host.waitForInterrupt();
  }

  @Override
  public void hypercall(Core cpu) {
    note("hypercall", cpu.pc, cpu.r[CpuState.RAX], cpu.cpl);
    cpu.r[CpuState.RAX] = cpu.pc;
    cpu.pc += 3;
  }

  @Override
  public void nestedFault(Core cpu, long address, boolean write, boolean fetch) {
    note("nested", address & -4096, write ? 1 : 0, fetch ? 1 : 0);
    if (machine.ram(address) == null) {
      cpu.host.inject(13, 0);
      cpu.pc = X64TestMachine.CODE;
      return;
    }
    map(address, write);
    cpu.host.nestedChanged();
  }

  @Override
  public void shutdown(Core cpu) {
    note("shutdown", cpu.pc);
    cpu.host.waitForInterrupt();
  }

  // ---- Within an instruction

  @Override
  public int acknowledge(Core cpu) {
    note("acknowledge");
    cpu.host.request(false);
    return VECTOR;
  }

  @Override
  public void cpuid(Core cpu, int leaf, int subleaf) {
    note("cpuid", leaf, subleaf);
    cpu.cpuid.edx ^= 0x55;
  }

  @Override
  public long in(Core cpu, int port, int size) {
    note("in", port, size);
    return port * 0x0101_0101L;
  }

  @Override
  public void out(Core cpu, int port, int size, long value) {
    note("out", port, size, value);
    // What is decided meanwhile comes behind the instruction.
    cpu.host.request(true);
  }

  @Override
  public long readMsr(Core cpu, int msr) throws MsrFault {
    note("rdmsr", msr);
    if (msr == ABSENT_MSR) {
      throw MsrFault.INSTANCE;
    }
    return msr * 3L;
  }

  @Override
  public void writeMsr(Core cpu, int msr, long value) throws MsrFault {
    note("wrmsr", msr, value);
    if (msr == ABSENT_MSR) {
      throw MsrFault.INSTANCE;
    }
  }

  @Override
  public int taskPriority(Core cpu) {
    note("cr8");
    return priority;
  }

  @Override
  public void taskPriority(Core cpu, int newPriority) {
    note("to cr8", newPriority);
    priority = newPriority;
  }

  @Override
  public boolean emulates(Core cpu, long address) {
    return (address & -4096) == EMULATED;
  }

  @Override
  public long read(Core cpu, long address, int size) {
    note("read", address, size);
    return address * 5 & -1L >>> 64 - 8 * size;
  }

  @Override
  public void write(Core cpu, long address, int size, long value) {
    note("write", address, size, value);
    asks.run();
  }
}
