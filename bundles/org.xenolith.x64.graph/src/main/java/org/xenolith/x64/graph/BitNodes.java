// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.isa.Instruction;

/** BT and its kin, BSF, BSR, TZCNT, LZCNT, POPCNT, BSWAP, MOVBE, CRC32, ADCX, ADOX. */
final class BitNodes {
  static final int BT = 0;
  static final int BTS = 1;
  static final int BTR = 2;
  static final int BTC = 3;

  private BitNodes() {}

  /** BT, BTS, BTR, BTC. */
  static final class Bit extends Node {
    private final int operation;
    private final OperandPlace place;
    private final OperandPlace number;
    private final @Nullable OperandAddress string;
    private final int size;

    Bit(int operation, IntegerOperands operands) {
      this.operation = operation;
      Instruction insn = operands.insn();
      place = operands.place(0);
      number = operands.place(1);
      size = operands.bits(0);
      string = insn.memory() && !(number instanceof OperandPlace.Immediate) ? operands.address() : null;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long which = number.load(c, r);
      if (string != null) {
        return inString(c, r, which << 64 - size >> 64 - size);
      }
      int bit = (int) which & size - 1;
      long value = place.load(c, r);
      if (operation != BT) {
        place.probe(c, r);
        place.store(c, r, changed(value, bit));
      }
      Arithmetic.carry(c, value >>> bit & 1);
      return next;
    }

    private Node inString(Core c, long[] r, long which) {
      int bytes = size >> 3;
      long distance = (which >> (size == 64 ? 6 : size == 32 ? 5 : 4)) * bytes;
      int bit = (int) which & size - 1;
      long at = string.behind(c, r, distance, bytes, operation != BT);
      long value = switch (bytes) {
        case 2 -> c.load16(at);
        case 4 -> c.load32(at);
        default -> c.load64(at);
      };
      if (operation != BT) {
        switch (bytes) {
          case 2 -> c.store16(at, changed(value, bit));
          case 4 -> c.store32(at, changed(value, bit));
          default -> c.store64(at, changed(value, bit));
        }
      }
      Arithmetic.carry(c, value >>> bit & 1);
      return next;
    }

    private long changed(long value, int bit) {
      return switch (operation) {
        case BTS -> value | 1L << bit;
        case BTR -> value & ~(1L << bit);
        default -> value ^ 1L << bit;
      };
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  static final int BSF = 0;
  static final int BSR = 1;
  static final int TZCNT = 2;
  static final int LZCNT = 3;
  static final int POPCNT = 4;

  /** BSF, BSR, TZCNT, LZCNT, POPCNT. BSF and BSR of 0 leave the destination. */
  static final class Count extends Node {
    private final int operation;
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int size;

    Count(int operation, IntegerOperands operands) {
      this.operation = operation;
      destination = operands.place(0);
      source = operands.place(1);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = source.load(c, r);
      long z = switch (operation) {
        case BSF -> Long.numberOfTrailingZeros(value);
        case BSR -> 63 - Long.numberOfLeadingZeros(value);
        case TZCNT -> Math.min(size, Long.numberOfTrailingZeros(value));
        case LZCNT -> Long.numberOfLeadingZeros(value) - (64 - size);
        default -> Long.bitCount(value);
      };
      if (operation <= BSR) {
        if (value != 0) {
          destination.store(c, r, z);
        }
        c.zero = value;
      } else {
        destination.store(c, r, z);
        if (operation == POPCNT) {
          Arithmetic.logic(c, 0, 0);
          c.zero = value;
          c.parity = 1;
        } else {
          c.zero = z;
          Arithmetic.carry(c, value == 0 ? 1 : 0);
        }
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }

  /** BSWAP; of 16 bits it is undefined, and gives 0. */
  static final class Swap extends Node {
    private final OperandPlace place;
    private final int size;

    Swap(IntegerOperands operands) {
      place = operands.place(0);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      place.store(c, r, size == 16 ? 0 : Long.reverseBytes(place.load(c, r)) >>> 64 - size);
      return next;
    }
  }

  /** MOVBE. */
  static final class MoveSwapped extends Node {
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int size;

    MoveSwapped(IntegerOperands operands) {
      destination = operands.place(0);
      source = operands.place(1);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      destination.store(c, r, Long.reverseBytes(source.load(c, r)) >>> 64 - size);
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack() || source.stack();
    }
  }

  /** CRC32 of the SSE4.2 polynomial 0x11EDC6F41, bits reversed. */
  static final class Checksum extends Node {
    private static final int POLYNOMIAL = 0x82F6_3B78;
    private static final int[] TABLE = new int[256];
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int bytes;

    static {
      for (int i = 0; i < 256; i++) {
        int value = i;
        for (int bit = 0; bit < 8; bit++) {
          value = (value & 1) != 0 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
        }
        TABLE[i] = value;
      }
    }

    Checksum(IntegerOperands operands) {
      destination = operands.place(0);
      source = operands.place(1);
      bytes = operands.bits(1) >> 3;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = source.load(c, r);
      int crc = (int) destination.load(c, r);
      for (int i = 0; i < bytes; i++) {
        crc = crc >>> 8 ^ TABLE[(crc ^ (int) (value >>> 8 * i)) & 0xFF];
      }
      destination.store(c, r, crc & 0xFFFF_FFFFL);
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }

  /** ADCX with CF, ADOX with OF. */
  static final class AddCarry extends Node {
    private final boolean overflow;
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int up;

    AddCarry(boolean overflow, IntegerOperands operands) {
      this.overflow = overflow;
      destination = operands.place(0);
      source = operands.place(1);
      up = 64 - operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long y = source.load(c, r) << up;
      long x = destination.load(c, r) << up;
      long cf = c.carries >>> 63;
      long of = c.overflow() ? 1 : 0;
      long z = x + y + ((overflow ? of : cf) << up);
      long out = (x & y | (x | y) & ~z) >>> 63;
      destination.store(c, r, z >>> up);
      c.carries(overflow ? cf : out, overflow ? out : of);
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }
}
