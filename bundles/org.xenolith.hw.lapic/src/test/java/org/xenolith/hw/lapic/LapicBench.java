// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;
import org.xenolith.x64.api.EndOfInterruptPort;
import org.xenolith.x64.api.MsrFault;

/** CPUs with their local APICs, and what a guest on them does. */
final class LapicBench {
  static final String PATH = "/lapic@fee00000";
  static final int ID = 0x20;
  static final int TPR = 0x80;
  static final int PPR = 0xA0;
  static final int EOI = 0xB0;
  static final int LDR = 0xD0;
  static final int DFR = 0xE0;
  static final int SVR = 0xF0;
  static final int ISR = 0x100;
  static final int TMR = 0x180;
  static final int IRR = 0x200;
  static final int ESR = 0x280;
  static final int ICR_LOW = 0x300;
  static final int ICR_HIGH = 0x310;
  static final int LVT_TIMER = 0x320;
  static final int LVT_LINT0 = 0x350;
  static final int LVT_ERROR = 0x370;
  static final int INITIAL = 0x380;
  static final int CURRENT = 0x390;
  static final int DIVIDE = 0x3E0;
  static final int APIC_BASE = 0x1B;
  static final int DEADLINE = 0x6E0;
  static final int MASKED = 1 << 16;

  /** Vectors whose ends I/O APICs have heard. */
  final List<Integer> ended = new ArrayList<>();
  private FakeContext context;
  private DeviceModel model;
  private final DeviceModelFactory factory;

  /** CPUs with the APIC ids 0 and up, enabled by software. */
  LapicBench(int cpus) {
    this(node(), cpus, i -> i);
    for (int cpu = 0; cpu < cpus; cpu++) {
      write(cpu, SVR, 0x1FF);
    }
  }

  /** As after reset. */
  LapicBench(FakeNode node, int cpus, IntUnaryOperator apicIds) {
    context = new FakeContext(node.build(), cpus);
    factory = withCpus(apicIds);
    model = context.create(factory);
    context.port(EndOfInterruptPort.class).listen(ended::add);
  }

  static FakeNode node() {
    return FakeNode.at(PATH).compatible("intel,ce4100-lapic").window(0xFEE0_0000L, 0x10_0000);
  }

  /** The factory in a machine of x86-64 CPUs. The level of a CPU's INTR shows at its line of the node's interrupt, if the node has one. */
  static DeviceModelFactory withCpus(IntUnaryOperator apicIds) {
    DeviceModelFactory component = new LapicComponent();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext made) {
        FakeContext fake = (FakeContext) made;
        for (FakeCpu cpu : fake.cpus()) {
          try {
            cpu.as(RecordingX64Cpu.class).unclaim();
          } catch (ModelException none) {
            cpu.platformObject(new RecordingX64Cpu(cpu.index(), apicIds.applyAsInt(cpu.index()), fake.clock(), level -> {
              if (fake.lines().interrupts() > 0) {
                fake.interrupt(0, cpu.index()).set(level);
              }
            }));
          }
        }
        return component.create(made);
      }
    };
  }

  FakeContext context() {
    return context;
  }

  DeviceModel model() {
    return model;
  }

  RecordingX64Cpu cpu(int index) {
    return context.cpus().get(index).as(RecordingX64Cpu.class);
  }

  long read(int cpu, int offset) {
    context.initiator(cpu);
    return context.read(offset);
  }

  void write(int cpu, int offset, long value) {
    context.initiator(cpu);
    context.write(offset, value);
  }

  long rdmsr(int cpu, int msr) {
    return cpu(cpu).rdmsr(msr);
  }

  void wrmsr(int cpu, int msr, long value) {
    cpu(cpu).wrmsr(msr, value);
  }

  void refusesRead(int cpu, int msr) {
    assertSame(MsrFault.INSTANCE, assertThrows(MsrFault.class, () -> rdmsr(cpu, msr), () -> "RDMSR 0x" + Integer.toHexString(msr)));
  }

  void refusesWrite(int cpu, int msr, long value) {
    assertSame(MsrFault.INSTANCE, assertThrows(MsrFault.class, () -> wrmsr(cpu, msr, value), () -> "WRMSR 0x" + Integer.toHexString(msr)
        + " = 0x" + Long.toHexString(value)));
  }

  void x2apic(int cpu) {
    wrmsr(cpu, APIC_BASE, rdmsr(cpu, APIC_BASE) | 0xC00);
  }

  /** A bus master's message to a physical destination. */
  void message(int destination, int data) {
    context.message(0, -1, destination << 12, data);
  }

  /** A bus master's message to a logical destination. */
  void logicalMessage(int destination, int data) {
    context.message(0, -1, destination << 12 | 4, data);
  }

  boolean interrupt(int cpu) {
    return cpu(cpu).interrupt();
  }

  int acknowledge(int cpu) {
    return cpu(cpu).controller().acknowledge();
  }

  /** Requested vectors of a CPU in ascending order. */
  List<Integer> requested(int cpu) {
    return vectors(cpu, IRR);
  }

  List<Integer> vectors(int cpu, int first) {
    boolean x2 = (rdmsr(cpu, APIC_BASE) & 0x400) != 0;
    List<Integer> set = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long word = x2 ? rdmsr(cpu, 0x800 + (first >> 4) + i) : read(cpu, first + i * 16);
      for (int bit = 0; bit < 32; bit++) {
        if ((word >> bit & 1) != 0) {
          set.add(i * 32 + bit);
        }
      }
    }
    return set;
  }

  /** Sends by the interrupt command register in xAPIC mode. */
  void command(int cpu, int destination, int low) {
    write(cpu, ICR_HIGH, (long) destination << 24);
    write(cpu, ICR_LOW, low);
  }

  void advance(long ns) {
    context.clock().advance(ns);
  }

  /** Another version takes over. */
  void handOver() {
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    model = context.create(factory);
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
  }
}
