// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.arch;

/** Names of exceptions for people. Source: Arm ARM DDI 0487, D1.3 and D19.2.37. */
public final class ExceptionNames {
  private ExceptionNames() {}

  /**
   * The name of an exception, for example {@code data abort}.
   *
   * @param vector         offset of the vector: 0 synchronous, 0x80 IRQ, 0x100 FIQ, 0x180 SError
   * @param exceptionClass ESR_ELx.EC of a synchronous one
   */
  public static String of(int vector, int exceptionClass) {
    return switch (vector) {
      case Exceptions.VECTOR_IRQ -> "IRQ";
      case Exceptions.VECTOR_FIQ -> "FIQ";
      case Exceptions.VECTOR_SERROR -> "SError";
      default -> synchronous(exceptionClass);
    };
  }

  private static String synchronous(int exceptionClass) {
    return switch (exceptionClass) {
      case Syndrome.UNKNOWN -> "undefined instruction";
      case Syndrome.WF -> "WFI or WFE";
      case Syndrome.FP_ACCESS -> "floating point";
      case Syndrome.ILLEGAL_STATE -> "illegal state";
      case Syndrome.SVC -> "SVC";
      case Syndrome.HVC -> "HVC";
      case Syndrome.SMC -> "SMC";
      case Syndrome.SYSTEM -> "system register";
      case Syndrome.INSTRUCTION_ABORT -> "instruction abort";
      case Syndrome.INSTRUCTION_ABORT + 1 -> "instruction abort, same level";
      case Syndrome.PC_ALIGNMENT -> "PC alignment";
      case Syndrome.DATA_ABORT -> "data abort";
      case Syndrome.DATA_ABORT + 1 -> "data abort, same level";
      case Syndrome.SP_ALIGNMENT -> "SP alignment";
      case Syndrome.BREAKPOINT -> "breakpoint";
      case Syndrome.BREAKPOINT + 1 -> "breakpoint, same level";
      case Syndrome.SOFTWARE_STEP -> "software step";
      case Syndrome.SOFTWARE_STEP + 1 -> "software step, same level";
      case Syndrome.WATCHPOINT -> "watchpoint";
      case Syndrome.WATCHPOINT + 1 -> "watchpoint, same level";
      case Syndrome.BRK -> "BRK";
      default -> "exception class 0x" + Integer.toHexString(exceptionClass);
    };
  }
}
