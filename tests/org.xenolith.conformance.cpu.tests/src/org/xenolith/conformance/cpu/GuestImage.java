// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;

/**
 * A static Linux program that runs many sequences one after the other: for each it fills the scratch memory, loads all
 * registers, runs the instructions, stores all registers, and writes both to standard output. Other engines run the same
 * bytes at the same addresses, but enter the sequences themselves.
 */
final class GuestImage {
  static final long BASE = 0x1000_0000L;
  static final int SCRATCH_BYTES = 4096;
  /** Words of a result. */
  static final int RESULT_WORDS = State.WORDS + SCRATCH_BYTES / 8;
  /** Where base registers should point: far enough from both ends, and at the border of two pages. */
  static final int SCRATCH_MIDDLE = SCRATCH_BYTES / 2;

  private static final long INPUTS = BASE + 0x10_0000L;
  private static final int NOP = 0xD503201F;
  /** No-operations after each sequence, for branches that lead out of it. */
  private static final int PADDING = 6;

  private static final String DRIVER = """
      start:
        adr x0, cursor
        ldr x1, [x0]
        adr x2, pattern
        adr x3, scratch
        mov x4, #%d
      1:
        ldp x5, x6, [x2], #16
        stp x5, x6, [x3], #16
        subs x4, x4, #16
        b.ne 1b
        add x2, x1, #256
      %s
        ldr x3, [x1, #768]
        msr nzcv, x3
        ldr x3, [x1, #776]
        msr fpcr, x3
        ldr x3, [x1, #784]
        msr fpsr, x3
        ldr x3, [x1, #248]
        mov sp, x3
      %s
        ldr x30, [x1, #792]
        ldp x0, x1, [x1]
        br x30
      done:
        msr tpidr_el0, x30
        adr x30, result
      %s
        add x2, x30, #256
      %s
        mrs x0, tpidr_el0
        str x0, [x30, #240]
        mov x0, sp
        str x0, [x30, #248]
        mrs x0, nzcv
        str x0, [x30, #768]
        mrs x0, fpcr
        str x0, [x30, #776]
        mrs x0, fpsr
        str x0, [x30, #784]
        mov x0, #1
        adr x1, result
        mov x2, #%d
        mov x8, #64
        svc #0
        adr x0, cursor
        ldp x1, x2, [x0]
        add x1, x1, #%d
        subs x2, x2, #1
        stp x1, x2, [x0]
        b.ne start
        mov x0, #0
        mov x8, #94
        svc #0
        .align 12
      cursor: .quad 0
      remaining: .quad 0
        .align 12
        .space %d
      result: .space %d
      scratch: .space %d
      pattern: .space %d
      """;

  /** The assembled driver; its data follow its code on pages of their own. */
  static final Program PROGRAM = Assembler.program(BASE, driver());
  static final long SCRATCH = PROGRAM.address("scratch");

  private final List<Sequence> sequences;
  private final byte[] bytes;

  GuestImage(List<Sequence> sequences, byte[] pattern) {
    this.sequences = sequences;
    int words = 0;
    for (Sequence sequence : sequences) {
      words += size(sequence);
    }
    long code = INPUTS + (long) sequences.size() * State.BYTES + 0xFFF & -4096;
    ByteBuffer image = ByteBuffer.allocate((int) (code - BASE) + 4 * words).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0, PROGRAM.bytes());
    image.putLong(offset(PROGRAM.address("cursor")), INPUTS);
    image.putLong(offset(PROGRAM.address("remaining")), sequences.size());
    image.put(offset(PROGRAM.address("pattern")), pattern);
    int input = offset(INPUTS);
    int at = offset(code);
    for (Sequence sequence : sequences) {
      sequence.state()[State.ENTRY] = BASE + at;
      for (long value : sequence.state()) {
        image.putLong(input, value);
        input += 8;
      }
      at = put(image, at, sequence);
    }
    bytes = image.array();
  }

  private static int size(Sequence sequence) {
    return sequence.words().length + PADDING + 4;
  }

  /** First loads X30, which the driver came through; then the sequence, no-operations, and a branch to the driver. */
  private static int put(ByteBuffer image, int at, Sequence sequence) {
    int end = at + 4 * (1 + sequence.words().length + PADDING);
    int literal = end + 4;
    image.putInt(at, 0x58000000 | literal - at >> 2 << 5 | 30);
    at += 4;
    for (int word : sequence.words()) {
      image.putInt(at, word);
      at += 4;
    }
    for (int i = 0; i < PADDING; i++) {
      image.putInt(at, NOP);
      at += 4;
    }
    image.putInt(end, 0x14000000 | (int) (PROGRAM.address("done") - BASE - end >> 2) & 0x3FFFFFF);
    image.putLong(literal, sequence.state()[30]);
    return literal + 8;
  }

  private static int offset(long address) {
    return (int) (address - BASE);
  }

  private static String driver() {
    StringBuilder loadVectors = new StringBuilder();
    StringBuilder storeVectors = new StringBuilder();
    StringBuilder load = new StringBuilder();
    StringBuilder store = new StringBuilder();
    for (int i = 0; i < 32; i += 2) {
      loadVectors.append("  ldp q%d, q%d, [x2], #32%n".formatted(i, i + 1));
      storeVectors.append("  stp q%d, q%d, [x2], #32%n".formatted(i, i + 1));
    }
    for (int i = 0; i < 30; i += 2) {
      if (i > 0) {
        load.append("  ldp x%d, x%d, [x1, #%d]%n".formatted(i, i + 1, 8 * i));
      }
      store.append("  stp x%d, x%d, [x30, #%d]%n".formatted(i, i + 1, 8 * i));
    }
    return DRIVER.formatted(SCRATCH_BYTES, loadVectors, load, store, storeVectors, 8 * RESULT_WORDS, State.BYTES,
        SCRATCH_MIDDLE - State.BYTES, State.BYTES, SCRATCH_BYTES, SCRATCH_BYTES);
  }

  List<Sequence> sequences() {
    return sequences;
  }

  /** The memory from {@link #BASE} on. */
  byte[] memory() {
    return bytes;
  }

  /** Address of the first instruction of the driver that saves the state. */
  static long done() {
    return PROGRAM.address("done");
  }

  /** The program as an ELF file with one segment. */
  byte[] elf() {
    return ElfFile.write(PROGRAM.address("start"),
        List.of(new ElfFile.Segment(BASE, ElfFile.READ | ElfFile.WRITE | ElfFile.EXECUTE, bytes)));
  }
}
