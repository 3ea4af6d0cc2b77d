// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

/** What moves between registers and memory, and extends on the way. Source: Intel SDM, volume 2. */
public class X64Moves extends X64Bytes {
  /** MOV from a register. */
  public void move(boolean wide, int to, int from) {
    rex(wide, to, 0, from);
    byteOf(0x8B);
    modRegister(to, from);
  }

  /** MOV from memory at base + displacement. */
  public void load(boolean wide, int to, int base, int disp) {
    rex(wide, to, 0, base);
    byteOf(0x8B);
    modMemory(to, base, disp);
  }

  /** MOV to memory at base + displacement. */
  public void store(boolean wide, int from, int base, int disp) {
    rex(wide, from, 0, base);
    byteOf(0x89);
    modMemory(from, base, disp);
  }

  /** MOVZX of a byte in memory. */
  public void loadByte(int to, int base, int disp) {
    rex(false, to, 0, base);
    byteOf(0x0F);
    byteOf(0xB6);
    modMemory(to, base, disp);
  }

  /** MOVZX of 16 bits in memory. */
  public void loadShort(int to, int base, int disp) {
    rex(false, to, 0, base);
    byteOf(0x0F);
    byteOf(0xB7);
    modMemory(to, base, disp);
  }

  /** Stores the low byte. */
  public void storeByte(int from, int base, int disp) {
    // Without a prefix, 4 to 7 would be AH to BH.
    byteOf(0x40 | from >> 3 << 2 | base >> 3);
    byteOf(0x88);
    modMemory(from, base, disp);
  }

  /** Stores the low 16 bits. */
  public void storeShort(int from, int base, int disp) {
    byteOf(0x66);
    rex(false, from, 0, base);
    byteOf(0x89);
    modMemory(from, base, disp);
  }

  /** LEA of base + displacement. */
  public void address(boolean wide, int to, int base, int disp) {
    rex(wide, to, 0, base);
    byteOf(0x8D);
    modMemory(to, base, disp);
  }

  /** LEA of base + a displacement that may have some more than 32 bits; 64 bits. */
  public void farAddress(int to, int base, long disp) {
    if (disp == (int) disp) {
      address(true, to, base, (int) disp);
    } else {
      int most = disp < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
      address(true, to, base, most);
      address(true, to, to, (int) (disp - most));
    }
  }

  /** LEA of base + index + displacement. */
  public void address(boolean wide, int to, int base, int index, int disp) {
    rex(wide, to, index, base);
    byteOf(0x8D);
    modIndexed(to, base, index, disp);
  }

  /** LEA of base + index &lt;&lt; scale + displacement; negative numbers for no base and no index. */
  public void address(boolean wide, int to, int base, int index, int scale, int disp) {
    rex(wide, to, Math.max(index, 0), Math.max(base, 0));
    byteOf(0x8D);
    modScaled(to, base, index, scale, disp);
  }

  /** Has a constant in a register, in the shortest way. Flags stay. */
  public void constant(int to, long value) {
    if (value >>> 32 == 0) {
      rex(false, 0, 0, to);
      byteOf(0xB8 | to & 7);
      intOf((int) value);
    } else if (value == (int) value) {
      rex(true, 0, 0, to);
      byteOf(0xC7);
      modRegister(0, to);
      intOf((int) value);
    } else {
      rex(true, 0, 0, to);
      byteOf(0xB8 | to & 7);
      longOf(value);
    }
  }

  /** Zero-extended from 8 or 16 bits. */
  public void zeroExtend(int bits, int to, int from) {
    narrow(false, bits == 8 ? 0xB6 : 0xB7, to, from);
  }

  /** Sign-extended from 8, 16 or 32 bits. */
  public void signExtend(boolean wide, int bits, int to, int from) {
    if (bits == 32) {
      rex(wide, to, 0, from);
      byteOf(0x63);
      modRegister(to, from);
    } else {
      narrow(wide, bits == 8 ? 0xBE : 0xBF, to, from);
    }
  }

  private void narrow(boolean wide, int op, int to, int from) {
    // Without a prefix, 4 to 7 would be AH to BH.
    byteOf(0x40 | (wide ? 8 : 0) | to >> 3 << 2 | from >> 3);
    byteOf(0x0F);
    byteOf(op);
    modRegister(to, from);
  }

  /** Loads 1 &lt;&lt; {@code size} bytes from base + index + displacement, zero-extended. */
  public void loadIndexed(int size, int to, int base, int index, int disp) {
    rex(size == 3, to, index, base);
    if (size < 2) {
      byteOf(0x0F);
      byteOf(size == 0 ? 0xB6 : 0xB7);
    } else {
      byteOf(0x8B);
    }
    modIndexed(to, base, index, disp);
  }

  /** Loads 1 &lt;&lt; {@code size} bytes, sign-extended to 64 or 32 bits. */
  public void loadIndexedSigned(boolean wide, int size, int to, int base, int index, int disp) {
    rex(wide, to, index, base);
    if (size < 2) {
      byteOf(0x0F);
      byteOf(size == 0 ? 0xBE : 0xBF);
    } else {
      byteOf(0x63);
    }
    modIndexed(to, base, index, disp);
  }

  /** Stores the low 1 &lt;&lt; {@code size} bytes. */
  public void storeIndexed(int size, int from, int base, int index, int disp) {
    if (size == 1) {
      byteOf(0x66);
    }
    if (size == 0) {
      byteOf(0x40 | from >> 3 << 2 | index >> 3 << 1 | base >> 3);
      byteOf(0x88);
    } else {
      rex(size == 3, from, index, base);
      byteOf(0x89);
    }
    modIndexed(from, base, index, disp);
  }

  /** Stores a constant of 32 bits, sign-extended to 64 where they are stored. */
  public void storeConstantIndexed(int value, int base, int index, int disp) {
    rex(true, 0, index, base);
    byteOf(0xC7);
    modIndexed(0, base, index, disp);
    intOf(value);
  }

  /** MOV of a constant of 32 bits, sign-extended where 64 are stored, to base + displacement. */
  public void storeConstant(boolean wide, int value, int base, int disp) {
    rex(wide, 0, 0, base);
    byteOf(0xC7);
    modMemory(0, base, disp);
    intOf(value);
  }
}
