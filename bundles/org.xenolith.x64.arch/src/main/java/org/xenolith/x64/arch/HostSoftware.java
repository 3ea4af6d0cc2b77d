// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;

/** The side of a CPU that software of a host has to do with: who that is ({@link HostPort}), nested page tables, interrupts that it requests for the guest. */
public final class HostSoftware {
  /** Vector of what isn't an exception, but a hypercall. */
  static final int HYPERCALL = 256;
  /** Vector of what isn't an exception, but an access that nested tables don't allow. */
  static final int NESTED_FAULT = 257;
  /** In frames: the port answers there. No machine has addresses so high. */
  static final long EMULATED = 1L << 51;

  private static final int KEPT = 1 << 16;
  private static final int KIND_SHIFT = 8;

  private final Core cpu;
  /** Nested page tables. */
  final NestedWalk nested;
  private @Nullable HostPort port;
  private boolean requested;
  private boolean starting;
  /** Whether memory is copied for the host. */
  private boolean copies;
  /** An event whose delivery was ended by a nested fault: vector, what caused it, {@link #KEPT}; 0 for none. */
  private int kept;
  private int keptError;
  private long faultAddress;
  private boolean faultWrites;
  private boolean faultFetches;

  HostSoftware(Core cpu, DeviceState state) {
    this.cpu = cpu;
    nested = new NestedWalk(cpu);
    state.value("nestedRoot", 0, nested::root, nested::root);
    state.value("guestInterrupt", 0, () -> requested ? 1 : 0, value -> requested = value != 0);
    state.value("hostStarting", 0, () -> starting ? 1 : 0, value -> starting = value != 0);
    state.value("keptEvent", 0, () -> kept, value -> kept = (int) value);
    state.value("keptError", 0, () -> keptError, value -> keptError = (int) value);
    state.added("nestedRoot");
    state.added("guestInterrupt");
    state.added("hostStarting");
    state.added("keptEvent");
    state.added("keptError");
  }

  // ---- For the host's software

  /**
   * Java code is the host's software from now on, in the place of what was before.
   *
   * @throws IllegalStateException if the CPU's physical addresses leave no room for what is emulated
   */
  public void attach(HostPort newPort) {
    if (cpu.model.physicalBits() > 51) {
      throw new IllegalStateException("cpu " + cpu.index() + " has physical addresses of " + cpu.model.physicalBits()
          + " bits; a host's software needs one of 51 bits or fewer");
    }
    port = new ReportedHostPort(newPort, cpu.exits);
    nestedChanged();
  }

  /** There is no host's software any more. */
  public void detach() {
    port = null;
    nestedChanged();
  }

  /** Whether there is. */
  public boolean attached() {
    return port != null;
  }

  /** Machine address of the nested page tables' root, of the format that 4-level paging has (nCR3); all that was translated is forgotten. */
  public void nestedRoot(long root) {
    nested.root(root);
    nestedChanged();
  }

  /** The same, of the tables that are used now. */
  public long nestedRoot() {
    return nested.root();
  }

  /** Nested tables, or what is emulated where they lead nowhere, changed: all that was translated is forgotten. */
  public void nestedChanged() {
    nested.forget();
    cpu.mmu.flushAll();
    cpu.refetch();
  }

  /** Whether an interrupt waits for the guest: it takes it once its RFLAGS.IF is set, and asks {@link HostPort#acknowledge} which one it is. */
  public void request(boolean waits) {
    requested = waits;
    if (waits) {
      cpu.attention();
    }
  }

  /** Whether one waits. */
  public boolean requested() {
    return requested;
  }

  /** An exception that the guest takes before its next instruction, at {@link Core#pc}. */
  public void inject(int vector, int error) {
    kept = KEPT | vector;
    keptError = error;
    cpu.attention();
  }

  /** Whether there is a local interrupt controller, and it is enabled: without one nothing interrupts the CPU. */
  public boolean interruptible() {
    return cpu.inputs.apic();
  }

  /** Runs an action once there is a local interrupt controller. */
  public void whenInterruptible(Runnable action) {
    cpu.inputs.whenControlled(action);
  }

  /** Powers the CPU on: it calls {@link HostPort#start}. */
  public void powerOn() {
    cpu.inputs.powerOn(cpu.index() == 0);
    cpu.inputs.hostRuns();
    begins();
    cpu.env.wake();
  }

  /** Takes the interrupt that the CPU's local interrupt controller has for it. Returns its vector, or -1 if there is no controller. */
  public int acknowledge() {
    return cpu.inputs.acknowledge();
  }

  /** No guest executes until the machine interrupts the CPU. */
  public void waitForInterrupt() {
    cpu.inputs.hostWaits();
  }

  /**
   * Reads at a guest's linear address, by the registers that the CPU has now, as of level 0. Emulated devices are no memory.
   *
   * @return whether all of it could be read
   */
  public boolean read(long address, byte[] to, int offset, int length) {
    copies = true;
    try {
      int done = 0;
      for (; done + 8 <= length; done += 8) {
        long word = load(cpu.wide(address + done), 8);
        for (int i = 0; i < 8; i++) {
          to[offset + done + i] = (byte) (word >>> 8 * i);
        }
      }
      for (; done < length; done++) {
        to[offset + done] = (byte) load(cpu.wide(address + done), 1);
      }
      return true;
    } catch (CpuFault absent) {
      return false;
    } finally {
      copies = false;
    }
  }

  /**
   * Writes at such an address.
   *
   * @return whether all of it could be written; what comes before a page that couldn't be is written
   */
  public boolean write(long address, byte[] from, int offset, int length) {
    copies = true;
    try {
      for (int done = 0; done < length; done++) {
        store(cpu.wide(address + done), from[offset + done]);
      }
      return true;
    } catch (CpuFault absent) {
      return false;
    } finally {
      copies = false;
    }
  }

  /** In a kernel what the kernel may do, with RFLAGS.AC: hypercalls of programs have their operands in users' pages. */
  private long load(long address, int size) {
    return cpu.cpl == 3 ? cpu.memory.systemRead(address, size) : cpu.memory.read(address, size);
  }

  private void store(long address, byte value) {
    if (cpu.cpl == 3) {
      cpu.memory.systemWrite(address, 1, value);
    } else {
      cpu.memory.write(address, 1, value);
    }
  }

  // ---- For the CPU

  HostPort port() {
    return port;
  }

  /** VMCALL and VMMCALL. Returns what to throw: without a host they are undefined. */
  public CpuFault hypercall() {
    return cpu.fault(port == null ? ExceptionVector.UD : HYPERCALL);
  }

  CpuFault nestedFault(long address, boolean write, boolean fetch) {
    faultAddress = address;
    faultWrites = write;
    faultFetches = fetch;
    return cpu.fault(NESTED_FAULT);
  }

  /** Whether what was noted is no exception of the guest's. */
  boolean exits() {
    return cpu.faultVector >= HYPERCALL;
  }

  /** Calls the port for what was noted. */
  void exit() {
    if (cpu.faultVector == HYPERCALL) {
      port.hypercall(cpu);
    } else {
      port.nestedFault(cpu, faultAddress, faultWrites, faultFetches);
    }
    cpu.refetch();
  }

  /** The event that is being delivered ends in an exit, and is to be delivered again. */
  void keep(int vector, int error, int kind) {
    kept = KEPT | kind << KIND_SHIFT | vector;
    keptError = error;
  }

  /** Delivers the event that was kept. */
  void deliverKept() {
    if (kept != 0) {
      int event = kept;
      kept = 0;
      cpu.events.again(event & 0xFF, keptError, event >> KIND_SHIFT & 0xFF);
    }
  }

  boolean keeps() {
    return kept != 0;
  }

  int kept() {
    return kept;
  }

  int keptError() {
    return keptError;
  }

  void keptEvent(int event, int error) {
    kept = event;
    keptError = error;
  }

  /** The CPU begins to execute: the port is called before anything is executed. */
  void begins() {
    starting = port != null;
  }

  void start() {
    if (starting) {
      starting = false;
      port.start(cpu);
    }
  }

  long readMsr(int msr) {
    try {
      return port.readMsr(cpu, msr);
    } catch (MsrFault refused) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
  }

  void writeMsr(int msr, long value) {
    try {
      port.writeMsr(cpu, msr, value);
    } catch (MsrFault refused) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
  }

  static boolean emulated(long physical) {
    return physical >>> 51 == 1;
  }

  /** What the host copies is memory: a device would be accessed in pieces that no guest asked for. */
  private void refuseCopy() {
    if (copies) {
      throw cpu.fault(ExceptionVector.PF);
    }
  }

  long readEmulated(long physical, int size) {
    refuseCopy();
    return port == null ? -1L >>> 64 - 8 * size : port.read(cpu, physical & ~EMULATED, size);
  }

  void writeEmulated(long physical, int size, long value) {
    refuseCopy();
    if (port != null) {
      port.write(cpu, physical & ~EMULATED, size, value);
    }
  }
}
