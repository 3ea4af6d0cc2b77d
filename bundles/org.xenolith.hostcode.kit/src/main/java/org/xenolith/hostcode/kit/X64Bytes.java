// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.util.Arrays;

/** A piece of code as bytes, and how x86-64 encodes operands. Source: Intel SDM, volume 2, chapter 2. */
public class X64Bytes {
  private byte[] code = new byte[1 << 16];
  private int origin;
  private int at;

  /** Begins a piece of code at a place. What is emitted is for there, and only it can be patched. */
  public void begin(int place) {
    origin = place;
    at = 0;
  }

  /** The place of the next instruction. */
  public int at() {
    return origin + at;
  }

  /** Writes the piece where code is. */
  public void write(HostCode to) {
    to.write(code, origin, at);
  }

  /** The bytes of the piece. */
  public byte[] bytes() {
    return Arrays.copyOf(code, at);
  }

  /** Makes room for instructions. */
  public void room(int bytes) {
    if (at + bytes > code.length) {
      code = Arrays.copyOf(code, Math.max(2 * code.length, at + bytes));
    }
  }

  /** Emits a byte. */
  public void byteOf(int value) {
    code[at++] = (byte) value;
  }

  /** Emits 32 bits, the lowest byte first. */
  public void intOf(int value) {
    code[at] = (byte) value;
    code[at + 1] = (byte) (value >> 8);
    code[at + 2] = (byte) (value >> 16);
    code[at + 3] = (byte) (value >> 24);
    at += 4;
  }

  /** Emits 64 bits, the lowest byte first. */
  public void longOf(long value) {
    intOf((int) value);
    intOf((int) (value >> 32));
  }

  /** The prefix of wide operands and of registers from 8 on, if there must be one. */
  public void rex(boolean wide, int reg, int index, int base) {
    int rex = 0x40 | (wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3;
    if (rex != 0x40) {
      code[at++] = (byte) rex;
    }
  }

  /**
   * The prefix of three bytes that begins instructions with three operands.
   *
   * @param map  opcode map: 2 for 0F38, 3 for 0F3A
   * @param last the lowest bits of the third byte: the inverted number of another operand, and what was a mandatory prefix
   */
  public void vex(int map, boolean wide, int reg, int base, int last) {
    code[at++] = (byte) 0xC4;
    code[at++] = (byte) ((~reg & 8) << 4 | 0x40 | (~base & 8) << 2 | map);
    code[at++] = (byte) ((wide ? 0x80 : 0) | last);
  }

  /** Operands in registers. */
  public void modRegister(int reg, int rm) {
    code[at++] = (byte) (0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** A register and memory at base + displacement. */
  public void modMemory(int reg, int base, int disp) {
    int r = (reg & 7) << 3;
    int m = base & 7;
    int mod = disp == 0 && m != X64.RBP ? 0 : disp == (byte) disp ? 0x40 : 0x80;
    code[at++] = (byte) (mod | r | m);
    if (m == X64.RSP) {
      code[at++] = 0x24;
    }
    displacement(mod, disp);
  }

  /** A register and memory at base + index + displacement. */
  public void modIndexed(int reg, int base, int index, int disp) {
    int mod = disp == 0 && (base & 7) != X64.RBP ? 0 : disp == (byte) disp ? 0x40 : 0x80;
    code[at++] = (byte) (mod | (reg & 7) << 3 | 4);
    code[at++] = (byte) ((index & 7) << 3 | base & 7);
    displacement(mod, disp);
  }

  /**
   * A register and memory at base + index &lt;&lt; scale + displacement.
   *
   * @param base  a negative number for none
   * @param index the same; never RSP
   * @param scale 0 to 3
   */
  public void modScaled(int reg, int base, int index, int scale, int disp) {
    if (base >= 0 && index < 0) {
      modMemory(reg, base, disp);
      return;
    }
    // Without a base there are four bytes of displacement (Intel SDM volume 2, table 2-3).
    int mod = base < 0 || disp == 0 && (base & 7) != X64.RBP ? 0 : disp == (byte) disp ? 0x40 : 0x80;
    code[at++] = (byte) (mod | (reg & 7) << 3 | 4);
    code[at++] = (byte) (scale << 6 | (index < 0 ? X64.RSP : index & 7) << 3 | (base < 0 ? X64.RBP : base & 7));
    if (base < 0) {
      intOf(disp);
    } else {
      displacement(mod, disp);
    }
  }

  private void displacement(int mod, int disp) {
    if (mod == 0x40) {
      byteOf(disp);
    } else if (mod == 0x80) {
      intOf(disp);
    }
  }

  /** A byte of the piece becomes another one. */
  public void patchByte(int place, int value) {
    code[place - origin] = (byte) value;
  }

  /** A short jump leads here. */
  public void patchShort(int place) {
    code[place - origin] = (byte) (at() - place - 1);
  }

  /** The distance of a jump, which is kept at a place, becomes that to a target. */
  public void patchJump(int place, int target) {
    int distance = target - place - 4;
    int here = place - origin;
    code[here] = (byte) distance;
    code[here + 1] = (byte) (distance >> 8);
    code[here + 2] = (byte) (distance >> 16);
    code[here + 3] = (byte) (distance >> 24);
  }
}
