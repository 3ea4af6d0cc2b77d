// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.fp.Extended;
import org.xenolith.x64.fp.Mxcsr;
import org.xenolith.x64.fp.X87Control;

/** The x87's register stack and status word (Intel SDM volume 1, chapter 8). */
final class X87Stack {
  private static final int STACK_FAULT = 1 << 6;
  private static final int SUMMARY = 1 << 7;
  static final int CONDITIONS = X87Control.C0 | X87Control.C1 | X87Control.C2 | X87Control.C3;

  private X87Stack() {}

  /** Before an instruction that waits: #NM, or #MF if an unmasked exception is pending. */
  static void begin(Core c) {
    if (c.x87Trapped) {
      throw c.x87Trap();
    }
    if ((c.statusWord & SUMMARY) != 0) {
      throw c.fault(ExceptionVector.MF);
    }
  }

  /** The number of the register that is ST(i). */
  static int register(Core c, int i) {
    return c.top + i & 7;
  }

  static boolean empty(Core c, int i) {
    return (c.valid >> register(c, i) & 1) == 0;
  }

  static void set(Core c, int i, int signExponent, long significand) {
    int number = register(c, i);
    c.exponent[number] = signExponent & 0xFFFF;
    c.significand[number] = significand;
    c.valid |= 1 << number;
  }

  static void indefinite(Core c, int i) {
    set(c, i, Extended.INDEFINITE, Extended.QUIET);
  }

  static void pop(Core c) {
    c.valid &= ~(1 << c.top);
    c.top = c.top + 1 & 7;
  }

  static void push(Core c, int signExponent, long significand) {
    c.top = c.top - 1 & 7;
    set(c, 0, signExponent, significand);
  }

  /** Condition codes and exceptions of an instruction. @param written the condition codes that it writes */
  static void flags(Core c, int flags, int written) {
    c.statusWord = c.statusWord & ~written | flags & (CONDITIONS | 0x3F | STACK_FAULT);
    c.x87Summary();
  }

  /** A register that is read is empty: whether the answer to the masked exception is to be given. */
  static boolean underflow(Core c, int written) {
    flags(c, Mxcsr.IE | STACK_FAULT, written | X87Control.C1);
    return (c.controlWord & Mxcsr.IE) != 0;
  }

  /** A register that is pushed isn't empty: whether the answer to the masked exception is to be given. */
  static boolean overflow(Core c, int written) {
    flags(c, Mxcsr.IE | STACK_FAULT | X87Control.C1, written | X87Control.C1);
    return (c.controlWord & Mxcsr.IE) != 0;
  }

  /** Whether a push would overflow; then the exception is raised and its masked answer given. */
  static boolean full(Core c) {
    if (empty(c, 7)) {
      return false;
    }
    if (overflow(c, 0)) {
      push(c, Extended.INDEFINITE, Extended.QUIET);
    }
    return true;
  }
}
