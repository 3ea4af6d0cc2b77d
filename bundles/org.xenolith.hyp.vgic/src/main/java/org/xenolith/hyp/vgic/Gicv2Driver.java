// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.api.PhysicalBus;

/** Drives a GICv2 with Virtualization Extensions. Guests' interrupts are of group 0, as without Security Extensions. */
final class Gicv2Driver extends PhysicalGic {
  private static final int GICD_CTLR = 0x000;
  private static final int GICD_TYPER = 0x004;
  private static final int GICD_ISENABLER = 0x100;
  private static final int GICD_ICENABLER = 0x180;
  private static final int GICD_ISPENDR = 0x200;
  private static final int GICD_ICPENDR = 0x280;
  private static final int GICD_ICACTIVER = 0x380;
  private static final int GICD_IPRIORITYR = 0x400;
  private static final int GICD_ITARGETSR = 0x800;
  private static final int GICD_ICFGR = 0xC00;
  private static final int GICD_SGIR = 0xF00;
  private static final int GICC_CTLR = 0x0000;
  private static final int GICC_PMR = 0x0004;
  private static final int GICC_BPR = 0x0008;
  private static final int GICC_IAR = 0x000C;
  private static final int GICC_EOIR = 0x0010;
  private static final int GICC_DIR = 0x1000;
  private static final int GICH_HCR = 0x000;
  private static final int GICH_VTR = 0x004;
  private static final int GICH_VMCR = 0x008;
  private static final int GICH_APR = 0x0F0;
  private static final int GICH_LR = 0x100;

  private static final int CTLR_ENABLE = 1;
  private static final int CTLR_EOI_MODE = 1 << 9;
  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final int SGIR_SELF = 2 << 24;

  private final long distributor;
  private final long interfaces;
  private final long control;
  /** Whether GICC_DIR, in the second page of the CPU interface, is where the board's tree says that the interface is. */
  private final boolean hasDir;

  Gicv2Driver(GicHardware hardware, List<PhysicalBus> buses) {
    super(buses, 1 << 28, 1 << 29, 1L << 31, 1 << 19);
    distributor = hardware.distributor().base();
    interfaces = hardware.second().base();
    control = hardware.control().base();
    hasDir = hardware.second().size() > GICC_DIR;
  }

  @Override
  int version() {
    return 2;
  }

  private void gicd(Cpu cpu, int offset, int value) {
    bus(cpu).write(distributor + offset, 4, value & 0xFFFF_FFFFL);
  }

  private void bit(Cpu cpu, int offset, int intid) {
    gicd(cpu, offset + (intid >> 5) * 4, 1 << intid);
  }

  @Override
  int lines(Cpu via) {
    return ((int) bus(via).read(distributor + GICD_TYPER, 4) & 31) * 32 + 32;
  }

  @Override
  void startDistributor(Cpu via) {
    int lines = lines(via);
    gicd(via, GICD_CTLR, 0);
    for (int id = 32; id < lines; id += 32) {
      gicd(via, GICD_ICENABLER + id / 8, -1);
      gicd(via, GICD_ICACTIVER + id / 8, -1);
      gicd(via, GICD_ICFGR + id / 4, 0);
      gicd(via, GICD_ICFGR + id / 4 + 4, 0);
    }
    int target = (1 << via.index()) * 0x0101_0101;
    for (int id = 32; id < lines; id += 4) {
      gicd(via, GICD_ITARGETSR + id, target);
      gicd(via, GICD_IPRIORITYR + id, PRIORITY * 0x0101_0101);
    }
    gicd(via, GICD_CTLR, CTLR_ENABLE);
  }

  @Override
  void start(Cpu cpu) {
    gicd(cpu, GICD_ICENABLER, 0xFFFF_0000);
    gicd(cpu, GICD_ICACTIVER, -1);
    gicd(cpu, GICD_ISENABLER, 0xFFFF);
    for (int id = 0; id < 32; id += 4) {
      gicd(cpu, GICD_IPRIORITYR + id, PRIORITY * 0x0101_0101);
    }
    control(cpu, false, false);
    gicc(cpu, GICC_PMR, 0xFF);
    gicc(cpu, GICC_BPR, 0);
    gicc(cpu, GICC_CTLR, CTLR_ENABLE | CTLR_EOI_MODE);
  }

  @Override
  void enable(Cpu cpu, int intid, boolean on) {
    bit(cpu, on ? GICD_ISENABLER : GICD_ICENABLER, intid);
  }

  @Override
  void configure(Cpu cpu, int intid, boolean edge) {
    long at = distributor + GICD_ICFGR + (intid >> 4) * 4;
    int bit = 2 << (intid & 15) * 2;
    int now = (int) bus(cpu).read(at, 4);
    bus(cpu).write(at, 4, (edge ? now | bit : now & ~bit) & 0xFFFF_FFFFL);
  }

  @Override
  void target(Cpu via, int intid, Cpu to) {
    bus(via).write(distributor + GICD_ITARGETSR + intid, 1, 1L << to.index());
  }

  @Override
  void pend(Cpu via, int intid, boolean on) {
    bit(via, on ? GICD_ISPENDR : GICD_ICPENDR, intid);
  }

  @Override
  void kick(Cpu to) {
    gicd(to, GICD_SGIR, SGIR_SELF | KICK);
  }

  private void gicc(Cpu cpu, int offset, int value) {
    bus(cpu).write(interfaces + offset, 4, value & 0xFFFF_FFFFL);
  }

  @Override
  int acknowledge(Cpu cpu) {
    return (int) bus(cpu).read(interfaces + GICC_IAR, 4);
  }

  @Override
  int number(int acknowledged) {
    return acknowledged & 0x3FF;
  }

  @Override
  void drop(Cpu cpu, int acknowledged) {
    gicc(cpu, GICC_EOIR, acknowledged);
  }

  /** X-Gene's trees give the CPU interface one page: then the distributor takes the active state away (IHI 0048B, 4.3.8). */
  @Override
  void deactivate(Cpu cpu, int acknowledged) {
    if (hasDir) {
      gicc(cpu, GICC_DIR, acknowledged);
    } else {
      bit(cpu, GICD_ICACTIVER, number(acknowledged));
    }
  }

  private long gich(Cpu cpu, int offset) {
    return bus(cpu).read(control + offset, 4);
  }

  private void gich(Cpu cpu, int offset, long value) {
    bus(cpu).write(control + offset, 4, value & 0xFFFF_FFFFL);
  }

  @Override
  int lists(Cpu cpu) {
    return Math.min(((int) gich(cpu, GICH_VTR) & 63) + 1, MOST_LISTS);
  }

  @Override
  long list(Cpu cpu, int index) {
    return gich(cpu, GICH_LR + index * 4);
  }

  @Override
  void list(Cpu cpu, int index, long entry) {
    gich(cpu, GICH_LR + index * 4, entry);
  }

  @Override
  void control(Cpu cpu, boolean on, boolean underflow) {
    gich(cpu, GICH_HCR, (on ? HCR_EN : 0) | (underflow ? HCR_UIE : 0));
  }

  @Override
  long machineControl(Cpu cpu) {
    return gich(cpu, GICH_VMCR);
  }

  @Override
  void saveInterface(Cpu cpu, long[] to, int at) {
    to[at] = gich(cpu, GICH_VMCR);
    to[at + 1] = gich(cpu, GICH_APR);
  }

  @Override
  void loadInterface(Cpu cpu, long[] from, int at) {
    gich(cpu, GICH_VMCR, from[at]);
    gich(cpu, GICH_APR, from[at + 1]);
  }

  @Override
  long entry(int intid, int priority) {
    return pending | (priority >> 3) << 23 | intid;
  }

  @Override
  long withHardware(long entry, int intid) {
    return entry | hardware | (long) intid << 10;
  }

  @Override
  long withSource(long entry, int cpu) {
    return entry | (cpu & 7) << 10;
  }

  @Override
  int intid(long entry) {
    return (int) entry & 0x3FF;
  }

  @Override
  int priority(long entry) {
    return (int) (entry >>> 23 & 31) << 3;
  }

  @Override
  int source(long entry) {
    return (int) entry >> 10 & 7;
  }

  @Override
  boolean groupEnabled(long machineControl) {
    return (machineControl & 1) != 0;
  }

  @Override
  int priorityMask(long machineControl) {
    return (int) (machineControl >>> 27 & 31) << 3;
  }
}
