// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_PMR_EL1;

import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** A controller and the accesses of its CPUs. */
final class Gicv3Rig {
  static final int DIST = 0;
  static final int REDIST = 1;
  static final int NONE = 1023;
  static final int FRAMES = 0x2_0000;
  static final int SGI = 0x1_0000;
  static final int IGROUPR = 0x80;
  static final int ISENABLER = 0x100;
  static final int ISPENDR = 0x200;
  static final int ICPENDR = 0x280;
  static final int ISACTIVER = 0x300;
  static final int IPRIORITYR = 0x400;
  static final int ICFGR = 0xC00;
  static final int IROUTER = 0x6000;

  FakeContext context;
  DeviceModel model;

  static FakeNode node() {
    return FakeNode.at("/intc@8000000").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000)
        .window(0x80A_0000, 0xF6_0000);
  }

  /** A controller as it is after its reset. */
  void create(int cpus) {
    context = new FakeContext(node().build(), cpus);
    model = context.create(new Gicv3Component());
  }

  /** Everything in group 1 and forwarded, as a kernel sets it up. */
  void start(int cpus) {
    create(cpus);
    write(DIST, 0, 3);
    for (int i = 1; i < 8; i++) {
      write(DIST, IGROUPR + 4 * i, 0xFFFF_FFFFL);
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      write(REDIST, cpu * FRAMES + 0x14, 0);
      write(REDIST, cpu * FRAMES + SGI + IGROUPR, 0xFFFF_FFFFL);
      msr(cpu, ICC_PMR_EL1, 0xF0);
      msr(cpu, ICC_IGRPEN1_EL1, 1);
    }
  }

  long read(int window, long offset) {
    return context.read(window, offset, 4);
  }

  void write(int window, long offset, long value) {
    context.write(window, offset, 4, value);
  }

  long mrs(int cpu, int id) {
    return context.cpus().get(cpu).mrs(id);
  }

  void msr(int cpu, int id, long value) {
    context.cpus().get(cpu).msr(id, value);
  }

  long iar(int cpu) {
    return mrs(cpu, ICC_IAR1_EL1);
  }

  void eoi(int cpu, long id) {
    msr(cpu, ICC_EOIR1_EL1, id);
  }

  /** Enables a shared interrupt. */
  void enable(int id, int priority) {
    write(DIST, ISENABLER + id / 32 * 4, 1L << id % 32);
    context.write(DIST, IPRIORITYR + id, 1, priority);
  }

  /** Sets a line; a private interrupt's is that of CPU 0. */
  void line(int id, boolean level) {
    context.inputs().set(id, id < 32 ? 0 : -1, level);
  }

  boolean irq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.IRQ);
  }

  boolean fiq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.FIQ);
  }
}
