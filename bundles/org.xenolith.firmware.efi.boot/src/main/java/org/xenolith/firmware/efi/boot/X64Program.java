// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.pvh.codec.PvhFault;
import org.xenolith.pvh.codec.PvhFile;
import org.xenolith.pvh.codec.StartInfo;

/**
 * The program for x86-64 guests of a hypervisor: an ELF file with a PVH entry (Xen, docs/misc/pvh.pandoc), which lies at {@link #BASE}. Its source is
 * {@code program-x64.s}. The registers of its traps are those of a hypercall: RAX, RDI, RSI, RDX, R10, R8, R9 are x0 to x6.
 *
 * <p>ENTER comes from protected mode, with EAX, EBX, ECX, EDX, ESI, EDI for those: x1 where the program is, x2 the start_info, x3 and x4 the time-stamp counter's halves, x5 its kHz; it is
 * answered the stack's end and CR3.
 */
final class X64Program extends FirmwareProgram {
  /** Where it is executed. */
  static final long BASE = 0x10_0000;
  /** Bytes behind the program where the device tree is put that its start_info is made to. */
  static final int TREE = 0x1_0000;
  /** Files beside this class: the assembled program, and its labels. */
  static final String ASSEMBLED = "program-x64.bin";
  static final String LABELS = "program-x64.labels";
  /** Bytes of a frame: eight arguments; RBX, RBP, RSI, RDI, R12 to R15; XMM6 to XMM15; result; what aligns it. */
  static final int FRAME = 312;
  static final int FRAME_RESULT = 288;
  private static final int STUB = 16;
  private static final int HANDLER = 16;
  /** Exceptions, and the two of the local APIC: the timer's and the spurious one. */
  private static final int VECTORS = 34;
  private static final int TIMER = 32;
  /** Where the local APIC's registers are as long as nobody has moved them (Intel SDM, volume 3, 12.4.1). */
  private static final long LOCAL_APIC = 0xFEE0_0000L;
  private static final int MOV_EAX = 0xB8;
  private static final int JMP = 0xE9;
  private static final int GATE = 0x8E00;
  private static final int CODE = 8;

  private final byte[] bytes;

  X64Program() {
    super(LABELS);
    byte[] assembled = file(ASSEMBLED);
    ByteBuffer out = ByteBuffer.allocate((int) stub(FUNCTIONS)).order(ByteOrder.LITTLE_ENDIAN).put(assembled);
    for (int i = 0; i < FUNCTIONS; i++) {
      int at = (int) stub(i);
      out.put(at, (byte) MOV_EAX).putInt(at + 1, i).put(at + 5, (byte) JMP).putInt(at + 6, (int) (label("common") - at - 10));
    }
    for (int i = 0; i < VECTORS; i++) {
      long handler = BASE + label("handlers") + (long) i * HANDLER;
      out.putInt((int) label("idt") + 16 * i, (int) (CODE << 16 | handler & 0xFFFF)).putInt((int) label("idt") + 16 * i + 4,
          (int) (handler & 0xFFFF_0000L | GATE));
    }
    bytes = PvhFile.of(out.array(), BASE, SIZE + TREE, (int) BASE);
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

  /** Behind the return address, and behind room for those that are in registers (UEFI 2.10, 2.3.4.2). */
  @Override
  long argument(int index) {
    return FRAME + 8L + 8L * index;
  }

  @Override
  PeMachine machine() {
    return PeMachine.X64;
  }

  @Override
  Entered entered(EfiRam memory, long[] registers) {
    try {
      Fdt tree = StartInfoTree.of(startInfo(memory, registers[2]));
      byte[] written = FdtWriter.write(tree);
      if (registers[1] != BASE || written.length > TREE) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "the program is at 0x" + Long.toHexString(registers[1]) + ", its start_info says "
            + written.length + " bytes; expected 0x" + Long.toHexString(BASE) + " and at most " + TREE);
      }
      memory.write(BASE + SIZE, written);
      return new Entered(BASE, BASE + SIZE, registers[4] << 32 | registers[3] & 0xFFFF_FFFFL, registers[5] * 1000, false);
    } catch (PvhFault e) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, e.getMessage());
    }
  }

  /** A start_info in memory, which may have lists of nothing nowhere. @throws PvhFault if there is none */
  static StartInfo startInfo(EfiRam memory, long address) {
    return StartInfo.parse((at, length) -> length == 0 ? new byte[0] : memory.read(at, length), address);
  }

  @Override
  long[] translation(EfiRam memory, LongUnaryOperator pages, long stack, List<TreeMemory.Piece> ram) {
    long end = ram.stream().mapToLong(piece -> piece.base() + piece.size()).max().orElse(0);
    return new long[] {stack, X64IdentityMap.write(memory, pages, end)};
  }

  @Override
  TimerInterrupt interrupts(Fdt tree, boolean hypervisor) {
    return new TimerInterrupt(true, LOCAL_APIC, List.of());
  }

  @Override
  boolean isInterrupt(int vector) {
    return vector == TIMER;
  }

  @Override
  long interruptsOn() {
    return label("apic");
  }

  @Override
  String exception(EfiRam memory, long frame, int vector) {
    return "vector " + vector + ", error 0x" + Long.toHexString(memory.get64(frame + 16)) + ", CR2 0x" + Long.toHexString(memory.get64(
        frame)) + ", RIP 0x" + Long.toHexString(memory.get64(frame + 24)) + ", RSP 0x" + Long.toHexString(memory.get64(frame + 48));
  }
}
