// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.xenolith.hyp.vgic.IccRegister.ICC_BPR1_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_CTLR_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_DIR_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_EOIR1_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_IAR1_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_IGRPEN1_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_PMR_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_SGI1R_EL1;
import static org.xenolith.hyp.vgic.IccRegister.ICC_SRE_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_AP0R0_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_AP1R0_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_HCR_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_LR0_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_VMCR_EL2;
import static org.xenolith.hyp.vgic.IccRegister.ICH_VTR_EL2;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;

/** Drives a GICv3 by system registers, distributor and redistributors. All interrupts are of group 1. */
final class Gicv3Driver extends PhysicalGic {
  private static final int GICD_CTLR = 0x0000;
  private static final int GICD_TYPER = 0x0004;
  private static final int GICD_IROUTER = 0x6000;
  private static final int GICR_CTLR = 0x0000;
  private static final int GICR_TYPER = 0x0008;
  private static final int GICR_WAKER = 0x0014;
  private static final int GICR_PROPBASER = 0x0070;
  private static final int GICR_PENDBASER = 0x0078;
  private static final int ENABLE_LPIS = 1;
  private static final int TYPER_PLPIS = 1;
  /** Inner cacheable, read- and write-allocate; inner shareable. */
  private static final int TABLE_ATTRIBUTES = 7 << 7 | 1 << 10;
  /** GICR_PENDBASER.PTZ, in its second word. */
  private static final int PENDING_TABLE_ZERO = 1 << 30;
  private static final int SGI_FRAME = 0x1_0000;
  private static final int IGROUPR = 0x080;
  private static final int ISENABLER = 0x100;
  private static final int ICENABLER = 0x180;
  private static final int ISPENDR = 0x200;
  private static final int ICPENDR = 0x280;
  private static final int ICACTIVER = 0x380;
  private static final int IPRIORITYR = 0x400;
  private static final int ICFGR = 0xC00;

  /** Affinity routing, both names of group 1. */
  private static final int CTLR_ARE_GROUP1 = 1 << 4 | 1 << 1 | 1;
  private static final int WAKER_PROCESSOR_SLEEP = 1 << 1;
  private static final int TYPER_LAST = 1 << 4;
  private static final long CTLR_EOI_MODE = 1 << 1;
  /** System registers only; EL1 may use its own ICC_SRE_EL1. */
  private static final long SRE = 0xF;
  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final long GROUP1 = 1L << 60;

  private final long distributor;
  private final long redistributors;
  private final long regionSize;
  private final long stride;
  /** By CPU, found at its first use. */
  private final long[] redistributor;

  Gicv3Driver(GicHardware hardware, List<PhysicalBus> buses) {
    super(buses, 1L << 62, 1L << 63, 1L << 61, 1L << 41);
    distributor = hardware.distributor().base();
    redistributors = hardware.second().base();
    regionSize = hardware.second().size();
    stride = hardware.stride();
    redistributor = new long[buses.size()];
  }

  @Override
  int version() {
    return 3;
  }

  private void write(Cpu cpu, long address, int value) {
    bus(cpu).write(address, 4, value & 0xFFFF_FFFFL);
  }

  private int read(Cpu cpu, long address) {
    return (int) bus(cpu).read(address, 4);
  }

  /** The redistributor whose GICR_TYPER has the CPU's affinity. */
  private long redistributor(Cpu cpu) {
    long found = redistributor[cpu.index()];
    if (found == 0) {
      int affinity = (int) (cpu.affinity() & 0xFF_FFFF | cpu.affinity() >> 8 & 0xFF00_0000L);
      for (long at = 0; at < regionSize && found == 0; at += stride) {
        if (read(cpu, redistributors + at + GICR_TYPER + 4) == affinity) {
          found = redistributors + at;
        } else if ((read(cpu, redistributors + at + GICR_TYPER) & TYPER_LAST) != 0) {
          break;
        }
      }
      if (found == 0) {
        throw new ModelException("vgic: cpu%d: no redistributor has the affinity 0x%x".formatted(cpu.index(), affinity));
      }
      redistributor[cpu.index()] = found;
    }
    return found;
  }

  /** The frame that has the registers of an interrupt. */
  private long frame(Cpu cpu, int intid) {
    return intid < 32 ? redistributor(cpu) + SGI_FRAME : distributor;
  }

  @Override
  int lines(Cpu via) {
    return (read(via, distributor + GICD_TYPER) & 31) * 32 + 32;
  }

  @Override
  void startDistributor(Cpu via) {
    int lines = lines(via);
    write(via, distributor + GICD_CTLR, 0);
    for (int id = 32; id < lines; id += 32) {
      write(via, distributor + IGROUPR + id / 8, -1);
      write(via, distributor + ICENABLER + id / 8, -1);
      write(via, distributor + ICACTIVER + id / 8, -1);
      write(via, distributor + ICFGR + id / 4, 0);
      write(via, distributor + ICFGR + id / 4 + 4, 0);
    }
    for (int id = 32; id < lines; id += 4) {
      write(via, distributor + IPRIORITYR + id, PRIORITY * 0x0101_0101);
    }
    for (int id = 32; id < Math.min(lines, SPECIAL); id++) {
      target(via, id, via);
    }
    write(via, distributor + GICD_CTLR, CTLR_ARE_GROUP1);
  }

  @Override
  void start(Cpu cpu) {
    long frame = redistributor(cpu);
    write(cpu, frame + GICR_WAKER, read(cpu, frame + GICR_WAKER) & ~WAKER_PROCESSOR_SLEEP);
    frame += SGI_FRAME;
    write(cpu, frame + IGROUPR, -1);
    write(cpu, frame + ICENABLER, 0xFFFF_0000);
    write(cpu, frame + ICACTIVER, -1);
    write(cpu, frame + ISENABLER, 0xFFFF);
    for (int id = 0; id < 32; id += 4) {
      write(cpu, frame + IPRIORITYR + id, PRIORITY * 0x0101_0101);
    }
    cpu.el2.writeRegister(ICC_SRE_EL2, SRE);
    control(cpu, false, false);
    cpu.el2.writeRegister(ICC_PMR_EL1, 0xFF);
    cpu.el2.writeRegister(ICC_BPR1_EL1, 0);
    cpu.el2.writeRegister(ICC_CTLR_EL1, CTLR_EOI_MODE);
    cpu.el2.writeRegister(ICC_IGRPEN1_EL1, 1);
  }

  @Override
  void enable(Cpu cpu, int intid, boolean on) {
    write(cpu, frame(cpu, intid) + (on ? ISENABLER : ICENABLER) + (intid >> 5) * 4, 1 << intid);
  }

  @Override
  void configure(Cpu cpu, int intid, boolean edge) {
    long at = frame(cpu, intid) + ICFGR + (intid >> 4) * 4;
    int bit = 2 << (intid & 15) * 2;
    int now = read(cpu, at);
    write(cpu, at, edge ? now | bit : now & ~bit);
  }

  @Override
  void target(Cpu via, int intid, Cpu to) {
    write(via, distributor + GICD_IROUTER + intid * 8L, (int) to.affinity() & 0xFF_FFFF);
    write(via, distributor + GICD_IROUTER + intid * 8L + 4, (int) (to.affinity() >>> 32));
  }

  @Override
  void pend(Cpu via, int intid, boolean on) {
    write(via, frame(via, intid) + (on ? ISPENDR : ICPENDR) + (intid >> 5) * 4, 1 << intid);
  }

  @Override
  void kick(Cpu to) {
    long affinity = to.affinity();
    to.el2.writeRegister(ICC_SGI1R_EL1, (affinity >> 32 & 0xFF) << 48 | (affinity >> 4 & 15) << 44 | (affinity >> 16 & 0xFF) << 32
        | (long) KICK << 24 | (affinity >> 8 & 0xFF) << 16 | 1L << (affinity & 15));
  }

  @Override
  boolean hasLpis(Cpu cpu) {
    return (read(cpu, redistributor(cpu) + GICR_TYPER) & TYPER_PLPIS) != 0;
  }

  @Override
  void enableLpis(Cpu cpu, long configuration, long pendingTable, int idBits) {
    long frame = redistributor(cpu);
    if ((read(cpu, frame + GICR_CTLR) & ENABLE_LPIS) != 0) {
      return;
    }
    write(cpu, frame + GICR_PROPBASER, (int) configuration | TABLE_ATTRIBUTES | idBits - 1);
    write(cpu, frame + GICR_PROPBASER + 4, (int) (configuration >>> 32));
    write(cpu, frame + GICR_PENDBASER, (int) pendingTable | TABLE_ATTRIBUTES);
    write(cpu, frame + GICR_PENDBASER + 4, (int) (pendingTable >>> 32) | PENDING_TABLE_ZERO);
    write(cpu, frame + GICR_CTLR, ENABLE_LPIS);
  }

  @Override
  int acknowledge(Cpu cpu) {
    return (int) cpu.el2.readRegister(ICC_IAR1_EL1) & 0xFF_FFFF;
  }

  @Override
  int number(int acknowledged) {
    return acknowledged;
  }

  @Override
  void drop(Cpu cpu, int acknowledged) {
    cpu.el2.writeRegister(ICC_EOIR1_EL1, acknowledged);
  }

  @Override
  void deactivate(Cpu cpu, int acknowledged) {
    cpu.el2.writeRegister(ICC_DIR_EL1, acknowledged);
  }

  @Override
  int lists(Cpu cpu) {
    return Math.min(((int) cpu.el2.readRegister(ICH_VTR_EL2) & 31) + 1, MOST_LISTS);
  }

  @Override
  long list(Cpu cpu, int index) {
    return cpu.el2.readRegister(ICH_LR0_EL2 + index);
  }

  @Override
  void list(Cpu cpu, int index, long entry) {
    cpu.el2.writeRegister(ICH_LR0_EL2 + index, entry);
  }

  @Override
  void control(Cpu cpu, boolean on, boolean underflow) {
    cpu.el2.writeRegister(ICH_HCR_EL2, (on ? HCR_EN : 0) | (underflow ? HCR_UIE : 0));
  }

  @Override
  long machineControl(Cpu cpu) {
    return cpu.el2.readRegister(ICH_VMCR_EL2);
  }

  /** ICH_VTR_EL2.PREbits says how many registers hold the active priorities of a group. */
  private static int activeRegisters(Cpu cpu) {
    int preemptionBits = ((int) cpu.el2.readRegister(ICH_VTR_EL2) >> 26 & 7) + 1;
    return preemptionBits <= 5 ? 1 : preemptionBits == 6 ? 2 : 4;
  }

  @Override
  void saveInterface(Cpu cpu, long[] to, int at) {
    to[at] = cpu.el2.readRegister(ICH_VMCR_EL2);
    int registers = activeRegisters(cpu);
    for (int i = 0; i < registers; i++) {
      to[at + 1 + i] = cpu.el2.readRegister(ICH_AP0R0_EL2 + i);
      to[at + 5 + i] = cpu.el2.readRegister(ICH_AP1R0_EL2 + i);
    }
  }

  @Override
  void loadInterface(Cpu cpu, long[] from, int at) {
    cpu.el2.writeRegister(ICH_VMCR_EL2, from[at]);
    int registers = activeRegisters(cpu);
    for (int i = 0; i < registers; i++) {
      cpu.el2.writeRegister(ICH_AP0R0_EL2 + i, from[at + 1 + i]);
      cpu.el2.writeRegister(ICH_AP1R0_EL2 + i, from[at + 5 + i]);
    }
  }

  @Override
  long entry(int intid, int priority) {
    return pending | GROUP1 | (long) priority << 48 | intid;
  }

  @Override
  long withHardware(long entry, int intid) {
    return entry | hardware | (long) intid << 32;
  }

  @Override
  long withSource(long entry, int cpu) {
    return entry;
  }

  @Override
  int intid(long entry) {
    return (int) entry;
  }

  @Override
  int priority(long entry) {
    return (int) (entry >>> 48) & 0xFF;
  }

  @Override
  int source(long entry) {
    return 0;
  }

  @Override
  boolean groupEnabled(long machineControl) {
    return (machineControl & 2) != 0;
  }

  @Override
  int priorityMask(long machineControl) {
    return (int) (machineControl >>> 24) & 0xFF;
  }
}
