// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * One scenario of {@code scenarios.s}: what the processor's state is, which words of tables are others than usual, and what code is executed.
 *
 * <p>Everything is in the tests' own addresses from {@link #BASE} on: a page of code, two of data, a stack, four more whose entries are anybody's, and a large page behind them.
 *
 * <p>Of QEMU 7.2 these are known, and aren't compared: the image of RFLAGS on the stack has no RF behind a fault (Intel SDM volume 3, 17.3.1.1); the error code of a page fault for a
 * reserved bit has no P (4.7); LAR and LSL know 16-bit task gates in 64-bit mode, too (volume 2, LAR); a gate with an IST makes SS null without a change of level, too (volume 2,
 * INT n). Whether an access that faults sets A of the last entry is the processor's choice (volume 3, 4.8).
 */
final class X64Scenario implements X64ScenarioRecord {
  static final int MOST_POKES = 15;
  static final int MOST_CODE = 160;
  static final long BASE = 0x4000_0000L;
  /** Where the tables are that {@code scenarios.s} uses. */
  static final long LIVE = 0x20_0000;
  /** The tests' pages. */
  static final long PAGES = 0x40_0000;
  /** Where scenarios with interrupts find the local APIC. */
  static final long APIC = 0x4040_0000L;
  private static final int POKES = 544;
  private static final int CODE = 312;
  private static final int COMPARED = 800;
  private static final int SIZE = 1024;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  /** What of it QEMU has otherwise: places and bytes. */
  private final Map<Integer, Byte> peers = new TreeMap<>();
  private int pokes;
  private int length;

  X64Scenario() {
    for (int i = CODE; i < CODE + MOST_CODE; i++) {
      bytes.put(i, (byte) 0xCC);
    }
  }

  /** A general register, by its number. */
  X64Scenario register(int number, long value) {
    bytes.putLong(8 * number, value);
    return this;
  }

  /** CS, SS, RFLAGS and RSP; the code begins the tests' first page. */
  X64Scenario start(int code, int stack, long flags, long pointer) {
    bytes.putLong(128, BASE).putLong(136, code).putLong(144, flags).putLong(152, pointer).putLong(160, stack);
    return this;
  }

  /** Another instruction pointer, for a code segment that has a base. */
  X64Scenario at(long offset) {
    bytes.putLong(128, offset);
    return this;
  }

  /** DS, ES, FS and GS. */
  X64Scenario data(int selector) {
    for (int i = 168; i < 176; i += 2) {
      bytes.putShort(i, (short) selector);
    }
    return this;
  }

  /** CR0, CR4 and IA32_EFER. */
  X64Scenario control(long cr0, long cr4, long efer) {
    bytes.putLong(176, cr0).putLong(184, cr4).putLong(192, efer);
    return this;
  }

  /** STAR, LSTAR, SFMASK, KERNEL_GS_BASE, SYSENTER_CS, _ESP, _EIP; and CSTAR. */
  X64Scenario calls(long star, long lstar, long mask, long gs, long cs, long esp, long eip, long cstar) {
    bytes.putLong(200, star).putLong(208, lstar).putLong(216, mask).putLong(224, gs).putLong(232, cs).putLong(240, esp).putLong(248, eip)
        .putLong(480, cstar);
    return this;
  }

  /** A breakpoint's address, and what DR7 says of all. */
  X64Scenario breakpoint(int number, long address, long control) {
    bytes.putLong(256 + 8 * number, address).putLong(288, control);
    return this;
  }

  /**
   * Has the local APIC, at {@link #APIC}: two commands that are given before the scenario, 0 for none, and the task priority.
   */
  X64Scenario interrupts(int first, int second, int priority) {
    bytes.putInt(488, first).putInt(492, second).putInt(496, priority).putInt(500, 1);
    return poke(LIVE + 0x3010, 0xFEE0_0093L);
  }

  /** A word of a table that is another one, if there is still room for it. */
  X64Scenario poke(long address, long value) {
    if (pokes < MOST_POKES) {
      bytes.putLong(POKES + 8 + 16 * pokes, address).putLong(POKES + 16 + 16 * pokes, value);
      bytes.putLong(POKES, ++pokes);
    }
    return this;
  }

  /** The same, and another one under QEMU. */
  X64Scenario poke(long address, long value, long peer) {
    if (pokes < MOST_POKES) {
      for (int i = 0; i < 8; i++) {
        peers.put(POKES + 16 + 16 * pokes + i, (byte) (peer >>> 8 * i));
      }
    }
    return poke(address, value);
  }

  /** Its code is in a page of its own, mapped by an entry with those bits, where no other scenario's was. */
  X64Scenario fresh(int entry) {
    bytes.putInt(520, entry);
    return this;
  }

  /** FS_BASE and GS_BASE, which loads of selectors have left at the descriptors'. */
  X64Scenario bases(long fs, long gs) {
    bytes.putLong(296, fs).putLong(304, gs);
    return this;
  }

  /** DR6. */
  X64Scenario debugStatus(long value) {
    bytes.putLong(512, value);
    return this;
  }

  /** Adds code that is something else, of the same length, under QEMU. */
  X64Scenario instead(byte[] more, byte[] peer) {
    int at = CODE + length;
    code(more);
    if (CODE + length > at) {
      for (int i = 0; i < peer.length; i++) {
        peers.put(at + i, peer[i]);
      }
      bytes.putInt(524, Math.max(1, bytes.getInt(524)));
    }
    return this;
  }

  /** Adds ICEBP, which QEMU 7.2 doesn't have: there it is INT 1, whose gate must allow it. */
  X64Scenario breakpointInstruction() {
    instead(new byte[] {0x66, (byte) 0xF1}, new byte[] {(byte) 0xCD, 1});
    if (bytes.getInt(524) != 0) {
      bytes.putInt(524, 2);
    }
    return this;
  }

  /** Adds code. */
  X64Scenario code(byte... more) {
    if (length + more.length < MOST_CODE) {
      bytes.put(CODE + length, more);
      length += more.length;
    }
    return this;
  }

  @Override
  public String told() {
    StringBuilder text = new StringBuilder(HexFormat.of().formatHex(code()));
    text.append(
        " cs=%x ss=%x rsp=%x flags=%x ds=%x cr0=%x cr4=%x efer=%x rax=%x rcx=%x rdx=%x rbx=%x rbp=%x rsi=%x rdi=%x r15=%x dr6=%x dr7=%x"
            .formatted(
                bytes.getLong(136), bytes.getLong(160), bytes.getLong(152), bytes.getLong(144), bytes.getShort(168), bytes.getLong(176),
                bytes
                    .getLong(184), bytes.getLong(192), bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getLong(24), bytes
                        .getLong(40),
                bytes.getLong(48), bytes.getLong(56), bytes.getLong(120), bytes.getLong(512), bytes.getLong(288)));
    for (int i = 0; i < pokes; i++) {
      text.append(" [%x]=%x".formatted(bytes.getLong(POKES + 8 + 16 * i), bytes.getLong(POKES + 16 + 16 * i)));
    }
    if (bytes.getInt(500) != 0) {
      text.append(" icr=%x,%x tpr=%x cs=%x flags=%x rax=%x rdx=%x r10=%x r11=%x".formatted(bytes.getInt(488), bytes.getInt(492), bytes
          .getInt(496), bytes.getLong(136), bytes.getLong(144),
          bytes.getLong(0), bytes.getLong(16), bytes.getLong(80), bytes.getLong(88)));
    }
    for (int i = 0; i < 4; i++) {
      if ((bytes.getLong(288) >>> 2 * i & 3) != 0) {
        text.append(" dr%d=%x dr7=%x rcx=%x rsi=%x rdi=%x".formatted(i, bytes.getLong(256 + 8 * i), bytes.getLong(288), bytes.getLong(8),
            bytes.getLong(48), bytes.getLong(56)));
      }
    }
    return text.toString();
  }

  @Override
  public byte[] record(boolean peer) {
    byte[] all = bytes.array().clone();
    System.arraycopy(all, CODE, all, COMPARED, MOST_CODE);
    if (peer) {
      peers.forEach((at, value) -> all[at] = value);
    }
    return all;
  }

  /** The code. */
  byte[] code() {
    byte[] all = new byte[length];
    bytes.get(CODE, all);
    return all;
  }
}
