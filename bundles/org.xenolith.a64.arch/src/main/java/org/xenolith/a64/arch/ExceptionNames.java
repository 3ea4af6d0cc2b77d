// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** Names of exceptions for people. Source: Arm ARM DDI 0487, D1.3 and D19.2.37. */
public final class ExceptionNames {
  /** Where the vector is in what {@link org.xenolith.machine.kit.FaultLoop} is told of, above the target level and ESR_ELx. */
  static final int VECTOR_SHIFT = 36;

  private ExceptionNames() {}

  /** An exception with all that is known of it. @param cause as {@link #VECTOR_SHIFT} says */
  static String of(long place, long cause, long address) {
    int vector = (int) (cause >>> VECTOR_SHIFT);
    int level = (int) (cause >>> 32) & 3;
    int exceptionClass = (int) (cause >>> 26) & 63;
    String name = of(vector, exceptionClass);
    if (vector != 0) {
      return "%s at PC 0x%x, taken to EL%d".formatted(name, place, level);
    }
    boolean memory = (exceptionClass & ~1) == Syndrome.INSTRUCTION_ABORT || (exceptionClass & ~1) == Syndrome.DATA_ABORT;
    return "%s at PC 0x%x%s, taken to EL%d, ESR 0x%x".formatted(name, place, memory ? " for address 0x%x".formatted(address) : "", level,
        cause & 0xFFFF_FFFFL);
  }

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
