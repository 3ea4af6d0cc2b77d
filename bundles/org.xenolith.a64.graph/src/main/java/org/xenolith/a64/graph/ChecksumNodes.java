// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.crypto.Crc32;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** CRC32 and CRC32C of a byte, half-word, word or double-word. */
final class ChecksumNodes {
  private ChecksumNodes() {}

  private static final class Crc32Byte extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32b((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Half extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32h((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Word extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32w((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Double extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32x((int) x[rn], x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cByte extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cb((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cHalf extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32ch((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cWord extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cw((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cDouble extends ThreeRegisters {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cx((int) x[rn], x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int size = word >>> 10 & 3;
    return switch (insn) {
      case CRC32 -> switch (size) {
        case 0 -> new Crc32Byte().of(rd, rn, rm);
        case 1 -> new Crc32Half().of(rd, rn, rm);
        case 2 -> new Crc32Word().of(rd, rn, rm);
        default -> new Crc32Double().of(rd, rn, rm);
      };
      case CRC32C -> switch (size) {
        case 0 -> new Crc32cByte().of(rd, rn, rm);
        case 1 -> new Crc32cHalf().of(rd, rn, rm);
        case 2 -> new Crc32cWord().of(rd, rn, rm);
        default -> new Crc32cDouble().of(rd, rn, rm);
      };
      default -> null;
    };
  }
}
