// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * The exception that an x86-64 CPU's current instruction takes: it is noted here and {@link CpuFault#INSTANCE} thrown, as long as the instruction has changed
 * nothing that would be seen when it is executed again.
 */
public abstract sealed class NotedFault extends Modes permits LinearMemory {
  /** Whether x87 and MMX instructions trap: #NM. */
  public boolean x87Trapped;
  /** Whether SSE instructions trap: #UD or #NM. */
  public boolean sseTrapped;

  /** The vector of the exception that was noted. */
  public int faultVector;
  /** Its error code; 0 if it has none. */
  public int faultError;
  /** The linear address of a page fault that was noted: CR2, once it is taken. */
  public long faultAddress;

  private boolean canonicalFault;

  NotedFault(int index) {
    super(index);
  }

  /** Notes an exception without an error code. Returns what to throw. */
  public final CpuFault fault(int vector) {
    return fault(vector, 0);
  }

  /** Notes an exception. Returns what to throw. */
  public final CpuFault fault(int vector, int error) {
    faultVector = vector;
    faultError = error;
    canonicalFault = false;
    return CpuFault.INSTANCE;
  }

  /** Notes a page fault. */
  final CpuFault pageFault(long address, int error) {
    faultAddress = address;
    return fault(ExceptionVector.PF, error);
  }

  /** What was noted last is no fault of the stack, though the instruction uses that. */
  public final void operandFault() {
    canonicalFault = false;
  }

  /** Notes what an address that isn't canonical causes: {@link #stackFault} makes it one of the stack, for what uses that. */
  final CpuFault notCanonical() {
    fault(ExceptionVector.GP);
    canonicalFault = true;
    return CpuFault.INSTANCE;
  }

  /** The exception that was noted is one of an instruction that uses the stack segment. */
  public final void stackFault() {
    if (canonicalFault) {
      faultVector = ExceptionVector.SS;
    }
  }

  // ---- Traps of x87, MMX and SSE instructions

  final void selectTraps() {
    x87Trapped = (cr0 & (ControlBits.EM | ControlBits.TS)) != 0;
    sseTrapped = x87Trapped || (cr4 & ControlBits.OSFXSR) == 0;
  }

  /** An x87 instruction was met while {@link #x87Trapped}. Returns what to throw. */
  public final CpuFault x87Trap() {
    return fault(ExceptionVector.NM);
  }

  /** An MMX instruction was met while {@link #x87Trapped}. Returns what to throw. */
  public final CpuFault mmxTrap() {
    return fault((cr0 & ControlBits.EM) != 0 ? ExceptionVector.UD : ExceptionVector.NM);
  }

  /** An SSE instruction was met while {@link #sseTrapped}. Returns what to throw. */
  public final CpuFault sseTrap() {
    return fault((cr0 & ControlBits.EM) != 0 || (cr4 & ControlBits.OSFXSR) == 0 ? ExceptionVector.UD : ExceptionVector.NM);
  }
}
