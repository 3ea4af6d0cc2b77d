// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.x64.api.MsrFault;

/**
 * Java code in the place of a host's software. A CPU that has one ({@link HostSoftware#attach}) is always in guest mode: what a processor with SVM would leave the guest for calls the port,
 * and when the port returns, the guest goes on (AMD64 Architecture Programmer's Manual volume 2, chapter 15).
 *
 * <p>Calls of the first kind come <em>between two instructions</em>. {@link Core#pc} says where the guest goes on, of a {@link #hypercall} and a {@link #nestedFault} at the instruction that
 * isn't done. The port may change every register, put another guest's registers in their place ({@link GuestRegisters}), wait ({@link HostSoftware#waitForInterrupt}) and power the CPU off.
 * An instruction that ends so counts as one; taking an interrupt counts nothing.
 *
 * <p>Calls of the second kind come <em>within an instruction</em>, which the CPU finishes: registers aren't all where they seem to be, and nothing of the CPU may be changed but what is pending. A
 * decision about who runs waits for a call of the first kind.
 *
 * <p>An exception out of a port, other than those named, is a bug: it passes through the engine.
 */
@ConsumerType
public interface HostPort {
  /** The CPU was powered on as the bootstrap processor, or had its start-up IPI. Registers are as after reset. */
  void start(Core cpu);

  /**
   * The machine interrupts the CPU, whatever the guest's RFLAGS.IF says, or its local interrupt controller was taken away ({@link HostSoftware#interruptible}). It is called again at once unless the
   * cause is gone.
   */
  void interrupt(Core cpu);

  /** The guest executed HLT; {@link Core#pc} is behind it. */
  void halted(Core cpu);

  /** The guest executed VMCALL or VMMCALL, of three bytes, at any level of privilege; {@link Core#pc} is at it. */
  void hypercall(Core cpu);

  /**
   * Nested page tables don't allow an access. Unless the port changes that, or who runs, it comes again.
   *
   * @param address guest physical address
   * @param write   whether it is a store, of the guest or into its page tables
   * @param fetch   whether it is a fetch of an instruction
   */
  void nestedFault(Core cpu, long address, boolean write, boolean fetch);

  /** The guest met an exception while a double fault was delivered. */
  void shutdown(Core cpu);

  // ---- Within an instruction

  /** The guest takes the interrupt that was {@link HostSoftware#request requested}. Returns its vector, 0 to 255, or -1 if there is none after all, and says anew whether one is requested. */
  int acknowledge(Core cpu);

  /** CPUID: changes what the processor itself would answer, in {@link Cpuid#eax} to {@code edx}. */
  void cpuid(Core cpu, int leaf, int subleaf);

  /** IN from a port, 0 to 0xffff, of 1, 2 or 4 bytes: zero-extended. */
  long in(Core cpu, int port, int size);

  /** OUT to a port. */
  void out(Core cpu, int port, int size, long value);

  /** RDMSR of a register that isn't one of the guest's registers proper ({@link Msrs}). */
  long readMsr(Core cpu, int msr) throws MsrFault;

  /** WRMSR of such a register. */
  void writeMsr(Core cpu, int msr, long value) throws MsrFault;

  /** MOV from CR8: 0 to 15. */
  int taskPriority(Core cpu);

  /** MOV to CR8. */
  void taskPriority(Core cpu, int priority);

  /** Whether a guest physical address that nested tables lead nowhere is one at which the port answers; it stays so until {@link HostSoftware#nestedChanged}. */
  boolean emulates(Core cpu, long address);

  /** A load of 1, 2, 4 or 8 bytes from such an address, aligned; zero-extended. */
  long read(Core cpu, long address, int size);

  /** A store to such an address. */
  void write(Core cpu, long address, int size, long value);
}
