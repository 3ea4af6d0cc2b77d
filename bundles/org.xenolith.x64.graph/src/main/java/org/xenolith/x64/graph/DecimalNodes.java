// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** Decimal adjustments, outside of 64-bit mode (Intel SDM volume 2A, AAA, AAD, AAM, AAS, DAA, DAS). */
final class DecimalNodes extends Node {
  private final String operation;
  private final int base;

  DecimalNodes(String operation, long base) {
    this.operation = operation;
    this.base = (int) base & 0xFF;
  }

  @Override
  public Node exec(Core c, long[] r) {
    int ax = (int) r[CpuState.RAX] & 0xFFFF;
    int al = ax & 0xFF;
    boolean adjust = (al & 15) > 9 || (c.adjust & FlagBits.AF) != 0;
    switch (operation) {
      case "aaa" -> ascii(c, r, adjust ? ax + 0x106 : ax, adjust);
      case "aas" -> ascii(c, r, adjust ? ax - 0x106 : ax, adjust);
      case "aam" -> {
        if (base == 0) {
          throw c.fault(ExceptionVector.DE);
        }
        set(r, al / base << 8 | al % base);
        Arithmetic.logic(c, (long) (al % base) << 56, 56);
      }
      case "aad" -> {
        int value = al + (ax >> 8) * base & 0xFF;
        set(r, value);
        Arithmetic.logic(c, (long) value << 56, 56);
      }
      default -> decimal(c, r, ax, al, adjust);
    }
    return next;
  }

  private static void ascii(Core c, long[] r, int value, boolean adjust) {
    set(r, value & 0xFF0F);
    Arithmetic.result(c, (long) (value & 15) << 56, 56);
    c.adjust = adjust ? FlagBits.AF : 0;
    c.carries(adjust ? 1 : 0, 0);
  }

  private void decimal(Core c, long[] r, int ax, int al, boolean adjust) {
    boolean subtract = operation.equals("das");
    boolean high = al > 0x99 || c.carry();
    int value = al;
    boolean carry = high;
    if (adjust) {
      int by = subtract ? -6 : 6;
      carry |= subtract && value + by < 0;
      value += by;
    }
    if (high) {
      value += subtract ? -0x60 : 0x60;
    }
    value &= 0xFF;
    set(r, ax & 0xFF00 | value);
    Arithmetic.result(c, (long) value << 56, 56);
    c.adjust = adjust ? FlagBits.AF : 0;
    c.carries(carry ? 1 : 0, 0);
  }

  private static void set(long[] r, int ax) {
    r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFFFL | ax & 0xFFFF;
  }
}
