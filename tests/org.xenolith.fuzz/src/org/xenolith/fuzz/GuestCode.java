// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.a64.isa.Assembler;

/** What the domains execute. */
final class GuestCode {
  /** A domain that waits for ever; with a GICv3 its CPU interface would take interrupts. */
  static final byte[] WAIT = image(0, """
      wait: wfi
            b wait
      """);

  /** Makes the hypercalls in {@link GuestPlace#TABLE}: x0 to x4, x16, room for the answer; x16 of all ones ends it. */
  static final byte[] HYPERCALLS = image(GuestPlace.CODE, """
            movz x0, #0x4000, lsl #16
            orr  x0, x0, #0x800
            msr  vbar_el1, x0
            isb
            movz x28, #0x4000, lsl #16
            orr  x28, x28, #0x2000
      next: ldr  x16, [x28, #40]
            cmn  x16, #1
            b.eq done
            ldp  x0, x1, [x28]
            ldp  x2, x3, [x28, #16]
            ldr  x4, [x28, #32]
            hvc  #0xea1
            str  x0, [x28, #48]
            add  x28, x28, #56
            b    next
      done: wfi
            b    done
      """);

  /**
   * Executes a script in {@link GuestPlace#TABLE}, entries of 48 bytes. First word 1: copies bytes to, from (aligned alike), how many; 2: stores
   * 32 bits at, what; 3: copies 32 bits to, from; 4: a hypercall x0, x1, x2, its number; 0 ends it.
   */
  static final byte[] SCRIPT = image(GuestPlace.CODE, """
            movz x0, #0x4000, lsl #16
            orr  x0, x0, #0x800
            msr  vbar_el1, x0
            isb
            movz x28, #0x4000, lsl #16
            orr  x28, x28, #0x2000
      next: ldp  x9, x10, [x28]
            ldp  x11, x12, [x28, #16]
            ldr  x13, [x28, #32]
            add  x28, x28, #48
            cbz  x9, done
            cmp  x9, #1
            b.eq copy
            cmp  x9, #2
            b.eq put
            cmp  x9, #3
            b.eq move
            mov  x0, x10
            mov  x1, x11
            mov  x2, x12
            mov  x16, x13
            hvc  #0xea1
            b    next
      copy: cbz  x12, next
            cmp  x12, #8
            b.lo byte
            tst  x10, #7
            b.ne byte
            ldr  x14, [x11], #8
            str  x14, [x10], #8
            sub  x12, x12, #8
            b    copy
      byte: ldrb w14, [x11], #1
            strb w14, [x10], #1
            sub  x12, x12, #1
            b    copy
      move: ldr  w11, [x11]
      put:  str  w11, [x10]
            b    next
      done: wfi
            b    done
      """);

  /** Goes on at {@link GuestPlace#PROGRAM}. */
  static final byte[] PROGRAM = image(GuestPlace.CODE, """
            movz x0, #0x4000, lsl #16
            orr  x0, x0, #0x800
            msr  vbar_el1, x0
            isb
            movz x0, #0x4000, lsl #16
            orr  x0, x0, #0x8000
            br   x0
      """);

  /** An exception's handler: leaves the instruction out, masks interrupts; what can't be fetched ends the domain's work. */
  private static final byte[] VECTOR = image(0, """
            mrs  x29, esr_el1
            lsr  x29, x29, #26
            and  x29, x29, #0x3e
            cmp  x29, #0x20
            b.eq stop
            mrs  x29, elr_el1
            add  x29, x29, #4
            msr  elr_el1, x29
            eret
      stop: wfi
            b    stop
      """);
  private static final byte[] INTERRUPT = image(0, """
            mrs  x29, spsr_el1
            orr  x29, x29, #0xc0
            msr  spsr_el1, x29
            eret
      """);

  /** ICC_SRE_EL1, ICC_PMR_EL1, ICC_IGRPEN1_EL1. */
  private static final int[] TAKING = {0xC665, 0xC230, 0xC667};

  /** A table of vectors of 2 KiB. */
  static final byte[] VECTORS = vectors();

  private GuestCode() {}

  private static byte[] image(long base, String source) {
    return Assembler.program(base, source).bytes();
  }

  private static byte[] vectors() {
    ByteBuffer table = ByteBuffer.allocate(0x800);
    for (int i = 0; i < 16; i++) {
      table.put(0x80 * i, i % 4 == 0 ? VECTOR : INTERRUPT);
    }
    return table.array();
  }

  /** A kernel file with the arm64 header (Linux, {@code Documentation/arch/arm64/booting.rst}) that waits for ever. */
  static byte[] waitingKernel(int gic) {
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(Assembler.assemble("b #64")).putLong(16, 4096).putInt(56, 0x644d_5241);
    file.position(64);
    if (gic == 3) {
      file.putInt(Assembler.assemble("movz x0, #0xff"));
      for (int register : TAKING) {
        file.putInt(0xD500_0000 | register << 5);
      }
    }
    file.put(WAIT);
    return file.array();
  }
}
