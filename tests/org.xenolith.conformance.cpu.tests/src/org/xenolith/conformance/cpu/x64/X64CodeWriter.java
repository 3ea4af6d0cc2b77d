// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;

/** Writes code of 64, 32 or 16 bits into a scenario: what is the same in all, and the frames of far transfers, behind which code goes on in another mode. */
final class X64CodeWriter {
  private static final String OPERAND = "66";
  private static final int ROOM_AT_THE_END = 4;

  private final X64Scenario scenario;
  private final int end;
  private int length;
  /** Bits of the code that comes next. */
  int width;
  /** What the offsets of that code begin with: the base of its segment is the rest. */
  long origin;

  /** @param end where code must end, as something else is there */
  X64CodeWriter(X64Scenario scenario, int end) {
    this.scenario = scenario;
    this.end = end;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** Whether so many bytes more have room. */
  boolean room(int more) {
    return length + more + ROOM_AT_THE_END < end;
  }

  void code(String hex) {
    byte[] some = bytes(hex);
    if (room(some.length)) {
      scenario.code(some);
      length += some.length;
    }
  }

  /** The same, with something else of the same length under QEMU. */
  void instead(String hex, String peer) {
    byte[] some = bytes(hex);
    if (room(some.length)) {
      scenario.instead(some, bytes(peer));
      length += some.length;
    }
  }

  void breakpointInstruction() {
    if (room(2)) {
      scenario.breakpointInstruction();
      length += 2;
    }
  }

  /** INT3 up to where something else is. */
  void fill() {
    while (length < end) {
      scenario.code((byte) 0xCC);
      length++;
    }
  }

  /** An instruction with 32-bit operands and addresses, in code of any size; in 64-bit code with 64-bit operands if it is wide. */
  void plain(String hex, boolean wide) {
    // REX is behind all other prefixes.
    code(width == 16 ? "6667" + hex : width == 64 && wide ? hex.startsWith("f0") ? "f048" + hex.substring(2) : "48" + hex : hex);
  }

  private static String constant(int value) {
    return "%02x%02x%02x%02x".formatted(value & 0xFF, value >>> 8 & 0xFF, value >>> 16 & 0xFF, value >>> 24);
  }

  /** MOV of a constant to EAX, ECX, EDX or EBX. */
  void load(int register, int value) {
    code((width == 16 ? OPERAND : "") + "%02x".formatted(0xB8 | register) + constant(value));
  }

  private void push(long value) {
    code((width == 16 ? OPERAND : "") + "68" + constant((int) value));
  }

  /** Bytes of a push. */
  private int pushBytes() {
    return width == 16 ? 6 : 5;
  }

  private void transferred(int newWidth, long newOrigin) {
    width = newWidth;
    origin = newOrigin;
  }

  /** RETF to the code behind it. Whether there was room. */
  boolean farReturn(int selector, int newWidth, long newOrigin) {
    int bytes = 2 * pushBytes() + 2;
    if (!room(bytes)) {
      return false;
    }
    String code = width == 64 ? "48cb" : width == 16 ? "66cb" : "90cb";
    long target = newOrigin + length + bytes;
    push(selector);
    push(target);
    code(code);
    transferred(newWidth, newOrigin);
    return true;
  }

  /** RETF to an outer level. */
  boolean farReturn(int selector, int newWidth, long newOrigin, int stack, long pointer) {
    int bytes = 4 * pushBytes() + 2;
    if (!room(bytes)) {
      return false;
    }
    String code = width == 64 ? "48cb" : width == 16 ? "66cb" : "90cb";
    long target = newOrigin + length + bytes;
    push(stack);
    push(pointer);
    push(selector);
    push(target);
    code(code);
    transferred(newWidth, newOrigin);
    return true;
  }

  /**
   * IRET to the code behind it, to an outer level or of 64-bit code with a stack.
   *
   * @param stack   selector of the stack, or -1 for none
   * @param pointer of the stack, of which R15 is all in 64-bit code if it is -1
   */
  boolean interruptReturn(int selector, int newWidth, long newOrigin, int flags, int stack, long pointer) {
    int bytes = (stack >= 0 ? 5 : 3) * pushBytes() + 2;
    if (!room(bytes)) {
      return false;
    }
    String code = width == 64 ? "48cf" : width == 16 ? "66cf" : "90cf";
    long target = newOrigin + length + bytes;
    if (stack >= 0) {
      push(stack);
      if (pointer == -1) {
        // push r15; three more bytes
        code("4157" + "660f1f00".substring(0, 2) + "9090");
      } else {
        push(pointer);
      }
    }
    push(flags);
    push(selector);
    push(target);
    code(code);
    transferred(newWidth, newOrigin);
    return true;
  }

  /** JMP far to the code behind it, of 32- and 16-bit code. */
  boolean farJump(int selector, int newWidth, long newOrigin) {
    int bytes = width == 16 ? 8 : 7;
    if (width == 64 || !room(bytes)) {
      return false;
    }
    int target = (int) newOrigin + length + bytes;
    code((width == 16 ? OPERAND : "") + "ea" + constant(target) + "%02x%02x".formatted(selector & 0xFF, selector >>> 8));
    transferred(newWidth, newOrigin);
    return true;
  }

  /** RCX and R11 for a SYSRET, and it. */
  boolean systemReturn(boolean isLong, int flags) {
    int bytes = 5 + 6 + (isLong ? 3 : 2);
    if (width != 64 || !room(bytes)) {
      return false;
    }
    int target = (int) origin + length + bytes;
    code("b9" + constant(target) + "41bb" + constant(flags) + (isLong ? "480f07" : "0f07"));
    transferred(isLong ? 64 : 32, origin);
    return true;
  }

  /** WRMSR of constants, whose privilege is checked, and which the manual may have refused. */
  void modelSpecific(int number, long value, boolean refused) {
    int bytes = (width == 16 ? 18 : 15) + 2;
    if (!room(bytes)) {
      return;
    }
    load(1, number);
    load(0, (int) value);
    load(2, (int) (value >>> 32));
    if (refused) {
      // SYSENTER without a segment is refused as well.
      instead("0f30", "0f34");
    } else {
      code("0f30");
    }
  }
}
