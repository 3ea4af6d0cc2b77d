// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;

/**
 * The program for A64. It has the header of an arm64 Image (Linux, Documentation/arch/arm64/booting.rst), and may lie on any page. Its source is
 * {@code program.s}.
 *
 * <p>ENTER has in x1 where it is, x2 the device tree, x3 the counter, x4 CurrentEL, x5 the counter's frequency; it is answered the stack's end, TTBR0, TCR_EL1, MAIR, TCR_EL2.
 */
final class A64Program extends FirmwareProgram {
  /** The vector of interrupts at the program's own exception level. */
  static final int IRQ = 5;
  /** Bytes of a frame: x0 to x7, x29, x30, x19 to x28, d8 to d15, result. */
  static final int FRAME = 240;
  static final int FRAME_RESULT = 224;
  /** Bytes of an exception's frame: x0 to x30, ELR, SPSR, ESR, FAR, vectors that calls may change. */
  static final int EXCEPTION = 672;
  /** Where ELR is in it; SPSR, ESR and FAR follow. */
  static final int EXCEPTION_ELR = 248;
  private static final int LINK = 240;
  private static final int IN_REGISTERS = 8;
  private static final long EL2 = 8;
  private static final int STUB = 8;

  /** movz w17, #0. */
  private static final int NAME_FUNCTION = 0x5280_0011;
  private static final int BRANCH = 0x1400_0000;
  private static final int BRANCH_OFFSET = 0x03FF_FFFF;

  /** What traps in the assembled program: SMC #0, as on a board. */
  private static final int SMC = 0xD400_0003;
  private static final int HVC = 0xD400_0002;
  /** Files beside this class: the assembled program, and its labels. */
  static final String ASSEMBLED = "program.bin";
  static final String LABELS = "program.labels";

  private final byte[] bytes;

  A64Program(Conduit conduit) {
    super(LABELS);
    byte[] assembled = file(ASSEMBLED);
    ByteBuffer out = ByteBuffer.allocate((int) stub(FUNCTIONS)).order(ByteOrder.LITTLE_ENDIAN).put(assembled);
    for (int at = 0; conduit == Conduit.HVC && at < assembled.length; at += Integer.BYTES) {
      if (out.getInt(at) == SMC) {
        out.putInt(at, HVC);
      }
    }
    for (int i = 0; i < FUNCTIONS; i++) {
      out.putInt((int) stub(i), NAME_FUNCTION | i << 5);
      out.putInt((int) stub(i) + 4, BRANCH | (int) (label("common") - stub(i) - 4) >> 2 & BRANCH_OFFSET);
    }
    bytes = out.array();
  }

  @Override
  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  int stubSize() {
    return STUB;
  }

  @Override
  int frame() {
    return FRAME;
  }

  @Override
  int frameResult() {
    return FRAME_RESULT;
  }

  @Override
  long argument(int index) {
    return FRAME + 8L * (index - IN_REGISTERS);
  }

  @Override
  PeMachine machine() {
    return PeMachine.AARCH64;
  }

  @Override
  Entered entered(EfiRam memory, long[] registers) {
    return new Entered(registers[1], registers[2], registers[3], registers[5], registers[4] == EL2);
  }

  @Override
  long[] translation(EfiRam memory, LongUnaryOperator pages, long stack, List<TreeMemory.Piece> ram) {
    IdentityMap translation = new IdentityMap(memory, pages.applyAsLong(IdentityMap.PAGES));
    ram.forEach(piece -> translation.ram(piece.base(), piece.size()));
    return new long[] {stack, translation.base(), IdentityMap.TCR_EL1, IdentityMap.MAIR, IdentityMap.TCR_EL2};
  }

  @Override
  TimerInterrupt interrupts(Fdt tree, boolean hypervisor) {
    return TimerInterrupt.of(tree, hypervisor);
  }

  @Override
  boolean isInterrupt(int vector) {
    return vector == IRQ;
  }

  @Override
  String exception(EfiRam memory, long frame, int vector) {
    long at = frame + EXCEPTION_ELR;
    return "vector " + vector + ", ESR 0x" + Long.toHexString(memory.get64(at + 16)) + ", FAR 0x" + Long.toHexString(memory.get64(at + 24))
        + ", PC 0x" + Long.toHexString(memory.get64(at)) + ", LR 0x" + Long.toHexString(memory.get64(frame + LINK));
  }

  @Override
  long interruptsOn() {
    return label("gicv3");
  }
}
