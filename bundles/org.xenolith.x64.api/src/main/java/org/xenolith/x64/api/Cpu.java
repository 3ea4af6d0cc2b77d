// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceProcessors;

/**
 * An x86-64 CPU as devices have it: each device has its own view of it, so that what it claims ends with it. Inputs may be driven at any time, from device
 * callbacks or other CPUs' instructions.
 */
@ProviderType
public interface Cpu extends CpuPort {
  /**
   * The machine's CPUs.
   *
   * @throws org.xenolith.machine.api.ModelException if one of them isn't an x86-64 CPU
   */
  static List<Cpu> of(DeviceProcessors processors) {
    List<Cpu> cpus = new ArrayList<>();
    for (CpuPort cpu : processors.cpus()) {
      cpus.add(cpu.as(Cpu.class));
    }
    return cpus;
  }

  /** Its initial APIC id: the {@code reg} of its node, as CPUID leaf 1 and leaf 0xB say. */
  int apicId();

  /**
   * The level of INTR: whether the local interrupt controller has an interrupt that may be taken. The CPU takes it by
   * {@link LocalInterrupts#acknowledge} when RFLAGS.IF allows.
   */
  void interrupt(boolean level);

  /** A non-maskable interrupt; another one while it is being handled is kept, once. */
  void nmi();

  /** INIT: the CPU is as after reset but for what survives INIT (Intel SDM volume 3, table 11-1), and waits for {@link #startUp}. */
  void init();

  /** A start-up IPI: a CPU that waits for it starts in real mode at {@code vector << 12}; any other one ignores it. @param vector 0 to 255 */
  void startUp(int vector);

  /** Whether it is the bootstrap processor, as IA32_APIC_BASE bit 8 says. */
  boolean bootstrap();

  /** Whether the CPU is at privilege level 0 to 3 now: which one. */
  int privilegeLevel();

  /** The time-stamp counter at the current instruction, IA32_TSC_ADJUST included. */
  long timeStamp();

  /** Frequency of the time-stamp counter, in hertz. */
  long timeStampHertz();

  /**
   * The first virtual time, in nanoseconds, at which the time-stamp counter has reached a value; the current time if it has already.
   *
   * @return at most {@link Long#MAX_VALUE}, which stands for never
   */
  long timeOf(long timeStamp);

  /** Runs when IA32_TIME_STAMP_COUNTER or IA32_TSC_ADJUST was written: {@link #timeOf} gives other values from now on. */
  void atTimeStampWritten(Runnable action);

  /** Width of its physical addresses, 36 to 52 (MAXPHYADDR, CPUID leaf 0x80000008). */
  int physicalAddressBits();

  /**
   * A page of the device's registers answers this CPU at another physical address, whatever else is there, and no longer at its own: IA32_APIC_BASE. Other CPUs and bus masters find it
   * where it was.
   *
   * @param window  its address in the machine, a multiple of 4 KiB, with another page of the device's window behind it
   * @param address where the CPU finds it, a multiple of 4 KiB; {@code window} to undo it
   */
  void registersAt(long window, long address);

  /** The device is the CPU's local interrupt controller. @throws org.xenolith.machine.api.ModelException (when the claims take effect) if it has one */
  void claim(LocalInterrupts controller);

  /** Registers live in the device. @throws org.xenolith.machine.api.ModelException (when the claims take effect) if one is another device's */
  void claim(MsrHandler handler, int... msrs);

  /** Whether it executes instructions: it is powered on, and doesn't wait for anything. */
  default boolean executing() {
    return powered();
  }

  /** The device is the CPU's performance monitor. @throws org.xenolith.machine.api.ModelException (when the claims take effect) if it has one */
  default void monitor(PerformanceMonitor monitor) {}

  /**
   * Says what the device, which is the CPU's monitor, is told; nothing at first.
   *
   * @param what    {@link PerformanceMonitor#LEVELS} and {@link PerformanceMonitor#ACTIVITY}, or 0
   * @param retired value of {@link #retired} at which it is told so; {@link Long#MAX_VALUE} for never
   */
  default void watch(int what, long retired) {}

  /** The performance monitor interrupts: {@link LocalInterrupts#performanceInterrupt}, if there is a local interrupt controller. */
  default void performanceInterrupt() {}
}
