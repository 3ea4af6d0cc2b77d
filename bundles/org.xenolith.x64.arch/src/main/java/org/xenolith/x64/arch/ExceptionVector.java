// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** Vectors of exceptions (Intel SDM volume 3, table 7-1). */
public final class ExceptionVector {
  /** Divide error. */
  public static final int DE = 0;
  /** Debug. */
  public static final int DB = 1;
  /** Non-maskable interrupt. */
  public static final int NMI = 2;
  /** INT3. */
  public static final int BP = 3;
  /** INTO. */
  public static final int OF = 4;
  /** BOUND. */
  public static final int BR = 5;
  /** Undefined opcode. */
  public static final int UD = 6;
  /** x87, MMX and SSE aren't available. */
  public static final int NM = 7;
  /** Double fault. */
  public static final int DF = 8;
  /** Invalid TSS. */
  public static final int TS = 10;
  /** Segment not present. */
  public static final int NP = 11;
  /** Stack segment. */
  public static final int SS = 12;
  /** General protection. */
  public static final int GP = 13;
  /** Page fault. */
  public static final int PF = 14;
  /** x87 floating-point error. */
  public static final int MF = 16;
  /** Alignment check. */
  public static final int AC = 17;
  /** Machine check. */
  public static final int MC = 18;
  /** SIMD floating-point. */
  public static final int XM = 19;

  /** Where the kind of an event is in what {@link org.xenolith.machine.kit.FaultLoop} is told of, above its vector and error code; 0 is a fault. */
  static final int KIND_SHIFT = 40;
  private static final String[] NAMES = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "", "#TS", "#NP", "#SS", "#GP",
      "#PF", "", "#MF",
      "#AC", "#MC", "#XM"};

  private ExceptionVector() {}

  /** An exception or interrupt, for people. @param cause as {@link #KIND_SHIFT} says */
  static String text(long place, long cause, long address) {
    int vector = (int) (cause >>> 32) & 0xFF;
    boolean fault = cause >>> KIND_SHIFT == 0;
    return text(vector, fault) + " at RIP 0x%x".formatted(place) + (fault && hasErrorCode(vector) ? ", error code 0x%x".formatted(cause
        & 0xFFFF_FFFFL)
        : "")
        + (fault && vector == PF ? ", for address 0x%x".formatted(address) : "");
  }

  /** An exception or interrupt by its vector alone. @param exception whether one that hasn't a name is an exception */
  static String text(int vector, boolean exception) {
    return vector < NAMES.length && !NAMES[vector].isEmpty() ? NAMES[vector] : (exception ? "exception " : "interrupt ") + vector;
  }

  /** Whether an exception pushes an error code. */
  public static boolean hasErrorCode(int vector) {
    return vector == DF || vector >= TS && vector <= PF || vector == AC;
  }
}
