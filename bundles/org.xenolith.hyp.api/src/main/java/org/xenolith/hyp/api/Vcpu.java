// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.CpuPort;

/** One virtual CPU. */
@ProviderType
public interface Vcpu {
  /** Its domain. */
  Domain domain();

  /** Its number in the domain, from which follows by what number its guest knows it: on Arm Aff0 is its low four bits, Aff1 the rest. */
  int id();

  /** The physical CPU whose registers are its own now, executing or not; null if none. */
  @Nullable
  CpuPort loaded();

  /** General register 0 to 30, wherever it is now. */
  long x(int n);

  /** Sets a general register. */
  void x(int n, long value);

  /** Whether it is up: VCPUOP_up, or what firmware has for it. */
  boolean online();

  /** Brings it up from reset at an address, x0 = {@code context}. */
  void powerOn(long entry, long context);

  /** Takes it down. */
  void powerOff();

  /** Nothing that its architecture has keeps events from it any more, its mask of interrupts for one, as before SCHEDOP_block. */
  void unmask();

  /** It waits from here on, unless an interrupt is deliverable already. */
  void block();

  /** It waits until {@link #wake} or that virtual time, as SCHEDOP_poll and timers need. */
  void blockUntil(long virtualNanoseconds);

  /** An interrupt became deliverable, or what it waited for came: it may run. */
  void wake();

  /** Whether it waits. */
  boolean blocked();

  /** Gives up the rest of its turn. */
  void yield();

  /** Its number among all physical CPUs where it runs. */
  int processor();

  /** Machine address of its vcpu_info: in shared_info until registered elsewhere; 0 if it has none. */
  long info();

  /** Its vcpu_info moved to this machine address. */
  void info(long machineAddress);

  /** The runstate area it registered: guest virtual address, 0 for none. */
  void runstateArea(long va);

  /** Writes to its guest's memory by a virtual address as it reaches it now; nothing where it reaches none, or while no physical CPU has its registers. */
  void store(long va, byte[] bytes);

  /** Virtual nanoseconds in each state: running, runnable, blocked, offline; and since when it is in the present one. */
  long[] runstate();

  /** The present state: {@code RUNSTATE_*} of {@code vcpu.h}. */
  int runstateKind();
}
