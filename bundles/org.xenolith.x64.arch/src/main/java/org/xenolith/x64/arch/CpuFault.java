// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** The current instruction takes an exception, which the CPU has noted; preallocated, without a stack. Nothing of the instruction is done yet. */
public final class CpuFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** The one. */
  public static final CpuFault INSTANCE = new CpuFault();

  private CpuFault() {
    super("x86 exception", null, false, false);
  }
}
