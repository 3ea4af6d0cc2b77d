// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.kit.NamedRegisters;
import org.xenolith.hyp.x64.api.X64Vcpu;
import org.xenolith.regs.LongCell;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.GuestRegisters;

/** One virtual CPU of x86-64, with its registers while it isn't loaded. */
final class X64GuestVcpu extends GuestVcpu implements X64Vcpu, ContextVcpu, NamedRegisters {
  private static final int PAGE_SHIFT = 12;

  final GuestRegisters registers = new GuestRegisters(record(), "registers");
  /** 1 from INIT until its start-up. */
  private final LongCell waitsForStart = record().cell("waits-for-start", 0);
  /** Memory types: IA32_PAT, IA32_MTRR_DEF_TYPE, fixed and variable ranges. */
  final long[] memoryTypes = record().longs("memory-types", MemoryTypes.WORDS);
  final Upcalls upcalls;
  /** What it has written to the debug port since the last line was complete. */
  final ByteArrayOutputStream line = new ByteArrayOutputStream();
  /** Whether it has registers to execute with, so that VCPUOP_up may bring it up. */
  private final LongCell initialised = record().cell("initialised", 0);
  private final X64Hypervisor hypervisor;

  X64GuestVcpu(X64Hypervisor hypervisor, GuestDomain domain, int id) {
    super(domain, id);
    this.hypervisor = hypervisor;
    upcalls = new Upcalls(hypervisor, this, record());
    MemoryTypes.reset(memoryTypes);
    record().varying("debug-line", line::reset, line::toByteArray, this::line);
    record().added("debug-line");
    record().added("initialised");
  }

  private void line(byte[] begun) {
    line.reset();
    line.writeBytes(begun);
  }

  boolean initialised() {
    return initialised.value != 0;
  }

  void initialised(boolean it) {
    initialised.value = it ? 1 : 0;
    waitsForStart.value = 0;
  }

  /** Its registers, which are nowhere else from now on. */
  GuestRegisters blank() {
    unload();
    return registers;
  }

  @Override
  public long[] memoryTypes() {
    return memoryTypes;
  }

  @Override
  public void begin(GuestRegisters made) {
    blank().take(made);
    VcpuOperations.pointers(this, domain().memory());
    initialised(true);
    up();
  }

  @Override
  public GuestRegisters copy() {
    GuestRegisters copy = new GuestRegisters();
    if (loaded() == null) {
      copy.take(registers);
    } else {
      copy.save(loaded());
    }
    return copy;
  }

  /** VCPUOP_up: it executes with the registers that it has. */
  void up() {
    bringUp();
  }

  @Override
  public Core loaded() {
    return (Core) super.loaded();
  }

  @Override
  public long x(int n) {
    Core cpu = loaded();
    return n < 0 || n > 15 ? 0 : cpu == null ? registers.general(n) : cpu.r[n];
  }

  @Override
  public void x(int n, long value) {
    Core cpu = loaded();
    if (n >= 0 && n <= 15) {
      if (cpu == null) {
        registers.general(n, value);
      } else {
        cpu.r[n] = value;
      }
    }
  }

  @Override
  public Map<String, Long> registers() {
    return RegisterNames.named(copy());
  }

  /** As the PVH boot ABI has it: protected mode, flat segments, EBX = {@code argument} (Xen's docs/misc/pvh.pandoc). */
  @Override
  protected void resetRegisters(long entry, long argument) {
    waitsForStart.value = 0;
    initialised.value = 1;
    MemoryTypes.reset(memoryTypes);
    registers.reset();
    registers.control(1, 0, 0, 0);
    registers.general(CpuState.RBX, argument);
    registers.pc(entry);
    registers.segment(CpuState.CS, 0, 0, 0xFFFF_FFFFL, 0xC09B);
    for (int data : new int[] {CpuState.ES, CpuState.SS, CpuState.DS}) {
      registers.segment(data, 0, 0, 0xFFFF_FFFFL, 0xC093);
    }
    registers.segment(CpuState.TR, 0, 0, 0x67, 0x8B);
  }

  @Override
  public void unmask() {
    upcalls.unmask();
  }

  @Override
  public void init() {
    powerOff();
    initialised.value = 0;
    waitsForStart.value = 1;
  }

  @Override
  public void startUp(int vector) {
    if (waitsForStart.value == 0) {
      return;
    }
    powerOn(0, 0);
    registers.reset();
    registers.segment(CpuState.CS, vector << 8, (long) vector << PAGE_SHIFT, 0xFFFF, 0x9B);
    registers.pc(0);
  }

  /** Whether an interrupt waits for it, whatever its RFLAGS.IF says. */
  boolean hasInterrupt() {
    return upcalls.pending() || hypervisor.interrupts.pending(this);
  }

  @Override
  public void interruptsChanged() {
    boolean waits = hasInterrupt();
    Core cpu = loaded();
    if (cpu != null) {
      cpu.host.request(waits);
    }
    if (waits) {
      wake();
    }
  }
}
