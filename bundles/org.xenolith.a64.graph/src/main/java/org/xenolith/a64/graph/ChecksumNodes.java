// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.crypto.Crc32;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** CRC32 and CRC32C of a byte, half-word, word or double-word. */
final class ChecksumNodes {
  private ChecksumNodes() {}

  private abstract static class Checksum extends Node {
    final int rd;
    final int rn;
    final int rm;

    Checksum(int rd, int rn, int rm) {
      this.rd = rd;
      this.rn = rn;
      this.rm = rm;
    }
  }

  private static final class Crc32Byte extends Checksum {
    Crc32Byte(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32b((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Half extends Checksum {
    Crc32Half(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32h((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Word extends Checksum {
    Crc32Word(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32w((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32Double extends Checksum {
    Crc32Double(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32x((int) x[rn], x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cByte extends Checksum {
    Crc32cByte(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cb((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cHalf extends Checksum {
    Crc32cHalf(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32ch((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cWord extends Checksum {
    Crc32cWord(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cw((int) x[rn], (int) x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Crc32cDouble extends Checksum {
    Crc32cDouble(int rd, int rn, int rm) {
      super(rd, rn, rm);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rd] = Crc32.crc32cx((int) x[rn], x[rm]) & 0xFFFF_FFFFL;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    int rd = Registers.target(Fields.rd(word));
    int rn = Registers.source(Fields.rn(word));
    int rm = Registers.source(Fields.rm(word));
    int size = word >>> 10 & 3;
    return switch (insn) {
      case CRC32 -> switch (size) {
        case 0 -> new Crc32Byte(rd, rn, rm);
        case 1 -> new Crc32Half(rd, rn, rm);
        case 2 -> new Crc32Word(rd, rn, rm);
        default -> new Crc32Double(rd, rn, rm);
      };
      case CRC32C -> switch (size) {
        case 0 -> new Crc32cByte(rd, rn, rm);
        case 1 -> new Crc32cHalf(rd, rn, rm);
        case 2 -> new Crc32cWord(rd, rn, rm);
        default -> new Crc32cDouble(rd, rn, rm);
      };
      default -> null;
    };
  }
}
