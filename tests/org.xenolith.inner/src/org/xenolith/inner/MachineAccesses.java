// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inner;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.api.PhysicalBus;

/** Nanoseconds of the ways that lead out of an engine: the TLB off the inline path, table walks, devices, the interrupt controller. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MachineAccesses {
  private static final int SGI = 1;
  private static final int PAGE = 4096;
  /** 64 MiB: more pages than the TLB has entries. */
  private static final int SPAN = 64 << 20;
  private GuestLoop guest;
  private Cpu cpu;
  private PhysicalBus bus;
  private long next;

  @Setup
  public void start() {
    guest = new GuestLoop("interpreter", "nop");
    cpu = guest.cpu();
    bus = guest.bus();
    bus.write(GuestLoop.GICD + 0x401, 1, 0xa0); // GICD_IPRIORITYR of the SGI
    bus.write(GuestLoop.GICD + 0x100, 4, 1 << SGI); // GICD_ISENABLER0
    bus.write(GuestLoop.GICD, 4, 1);
    bus.write(GuestLoop.GICC + 4, 4, 0xf0); // GICC_PMR
    bus.write(GuestLoop.GICC, 4, 1);
    if (acknowledge() != SGI) {
      throw new IllegalStateException("the SGI does not become pending");
    }
  }

  @TearDown
  public void stop() {
    guest.close();
  }

  /** A look-up that finds its page. */
  @Benchmark
  public Object tlbHit() {
    return cpu.mmu.data(GuestLoop.DATA, false, false);
  }

  /** A look-up that doesn't: a walk of one level. */
  @Benchmark
  public Object tlbMiss() {
    next = next + PAGE & SPAN - 1;
    return cpu.mmu.data(GuestLoop.DATA + next, false, false);
  }

  /** A load off the engines' inline path. */
  @Benchmark
  public long memoryRead() {
    return cpu.memory.read(GuestLoop.DATA, 8);
  }

  /** From the CPU's bus to a device's register. */
  @Benchmark
  public long deviceRead() {
    return bus.read(GuestLoop.UART_FLAGS, 4);
  }

  /** An SGI sent, acknowledged and ended at GICv2. */
  @Benchmark
  public long acknowledge() {
    bus.write(GuestLoop.GICD + 0xf00, 4, 0x0200_0000 | SGI); // GICD_SGIR, to this CPU
    long taken = bus.read(GuestLoop.GICC + 12, 4); // GICC_IAR
    bus.write(GuestLoop.GICC + 16, 4, taken); // GICC_EOIR
    return taken;
  }
}
