// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

/** A system-register access is refused; preallocated, without a stack. */
public final class SystemRegisterTrap extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** UNDEFINED at the current exception level. */
  public static final SystemRegisterTrap UNDEFINED = new SystemRegisterTrap(0);
  /** Trapped to EL1 with exception class 0x18. */
  public static final SystemRegisterTrap TO_EL1 = new SystemRegisterTrap(1);
  /** Trapped to EL2 with exception class 0x18. */
  public static final SystemRegisterTrap TO_EL2 = new SystemRegisterTrap(2);
  /** Trapped to EL3 with exception class 0x18. */
  public static final SystemRegisterTrap TO_EL3 = new SystemRegisterTrap(3);

  /** Target exception level, 0 for UNDEFINED. */
  private final int target;

  private SystemRegisterTrap(int target) {
    super("system register trap", null, false, false);
    this.target = target;
  }

  /** Target exception level, or 0 for UNDEFINED. */
  public int target() {
    return target;
  }
}
