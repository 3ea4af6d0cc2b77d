// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * One scenario of {@code legacy.s}: protected mode without IA-32e mode. The tests' pages are at their physical addresses, from {@link #BASE} on, with and without paging: one of code,
 * two of data, a stack.
 */
final class X64LegacyScenario implements X64ScenarioRecord {
  static final int BASE = 0x40_0000;
  /** The page directory of 32-bit paging, the page table of what is below 4 MiB, and that of the tests' pages, a page each. */
  static final int LIVE = 0x20_0000;
  /** The pointers of PAE paging, the directory, two page tables of what is below 4 MiB, and that of the tests' pages. */
  static final int WIDE = LIVE + 0x3000;
  static final int GDT = LIVE + 0x8000;
  static final int IDT = LIVE + 0x9000;
  static final int TASK = LIVE + 0xA000;
  static final int LDT = LIVE + 0xB000;
  static final int MOST_CODE = 64;
  private static final int MOST_POKES = 16;
  private static final int POKES = 76;
  private static final int CODE = 208;
  private static final int SIZE = 512;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private int pokes;
  private int length;

  X64LegacyScenario() {
    for (int i = CODE; i < CODE + MOST_CODE; i++) {
      bytes.put(i, (byte) 0xCC);
    }
  }

  /** A general register, by its number; ESP is {@link #start}'s. */
  X64LegacyScenario register(int number, int value) {
    bytes.putInt(4 * number, value);
    return this;
  }

  /** CS, SS, EFLAGS and ESP; the code begins the tests' first page. */
  X64LegacyScenario start(int code, int stack, int flags, int pointer) {
    bytes.putInt(32, BASE).putInt(36, code).putInt(40, flags).putInt(44, pointer).putInt(48, stack);
    return this;
  }

  /** Another instruction pointer, for a code segment that has a base. */
  X64LegacyScenario at(int offset) {
    bytes.putInt(32, offset);
    return this;
  }

  /** DS, ES, FS and GS. */
  X64LegacyScenario data(int selector) {
    for (int i = 52; i < 60; i += 2) {
      bytes.putShort(i, (short) selector);
    }
    return this;
  }

  /** CR0, CR4, IA32_EFER and CR3. */
  X64LegacyScenario control(int cr0, int cr4, int efer, int cr3) {
    bytes.putInt(60, cr0).putInt(64, cr4).putInt(68, efer).putInt(72, cr3);
    return this;
  }

  /** A word of a table that is another one, if there is still room for it. */
  X64LegacyScenario poke(int address, int value) {
    if (pokes < MOST_POKES) {
      bytes.putInt(POKES + 4 + 8 * pokes, address).putInt(POKES + 8 + 8 * pokes, value);
      bytes.putInt(POKES, ++pokes);
    }
    return this;
  }

  /** Two words of a table: a descriptor, or an entry of PAE paging. */
  X64LegacyScenario poke(int address, long value) {
    return poke(address, (int) value).poke(address + 4, (int) (value >>> 32));
  }

  /** Adds code. */
  X64LegacyScenario code(byte... more) {
    if (length + more.length < MOST_CODE) {
      bytes.put(CODE + length, more);
      length += more.length;
    }
    return this;
  }

  @Override
  public String told() {
    byte[] code = new byte[length];
    bytes.get(CODE, code);
    StringBuilder text = new StringBuilder(HexFormat.of().formatHex(code));
    text.append(" cs=%x ss=%x esp=%x flags=%x ds=%x cr0=%x cr4=%x efer=%x".formatted(bytes.getInt(36), bytes.getInt(48), bytes.getInt(44),
        bytes.getInt(40),
        bytes.getShort(52), bytes.getInt(60), bytes.getInt(64), bytes.getInt(68)));
    text.append(" eax=%x ecx=%x esi=%x edi=%x".formatted(bytes.getInt(0), bytes.getInt(4), bytes.getInt(24), bytes.getInt(28)));
    for (int i = 0; i < pokes; i++) {
      text.append(" [%x]=%x".formatted(bytes.getInt(POKES + 4 + 8 * i), bytes.getInt(POKES + 8 + 8 * i)));
    }
    return text.toString();
  }

  @Override
  public byte[] record(boolean peer) {
    return bytes.array();
  }
}
