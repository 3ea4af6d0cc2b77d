// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Disassembler;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.a64.isa.Program;

/**
 * Asks the other CPU which words are instructions at all: each is executed alone, with all registers zero, and a handler notes
 * which signal it raised. Branches and system instructions are left out, for they could lead away.
 */
final class Allocation {
  private static final long CODE = 0x1000_0000L;
  private static final long DATA = 0x5000_0000L;
  private static final int SIGILL = 4;

  private static final String DRIVER = """
      start:
        ldr x0, =0x50000100
        mov x1, #0
        mov x8, #132
        svc #0
        mov x0, #4
        bl catch
        mov x0, #5
        bl catch
        mov x0, #7
        bl catch
        mov x0, #8
        bl catch
        mov x0, #11
        bl catch
      loop:
        ldr x1, =0x50000000
        ldr x30, [x1]
        str xzr, [x1, #16]
      %s
        mov sp, x0
        br x30
      after:
        ldr x1, =0x50000000
        ldr x0, [x1, #16]
        ldr x3, [x1, #24]
        strb w0, [x3], #1
        str x3, [x1, #24]
        ldp x2, x4, [x1]
        add x2, x2, #8
        subs x4, x4, #1
        stp x2, x4, [x1]
        b.ne loop
        mov x0, #1
        ldr x1, =0x50001000
        sub x2, x3, x1
        mov x8, #64
        svc #0
        mov x0, #0
        mov x8, #94
        svc #0
      catch:
        ldr x1, =0x50000140
        mov x2, #0
        mov x3, #8
        mov x8, #134
        svc #0
        ret
      handler:
        ldr x1, =0x50000000
        str x0, [x1, #16]
        ldr x3, =after
        str x3, [x2, #440]
        ret
        .align 4
      slots:
      """;

  private final Decoder decoder;
  private final Disassembler disassembler = new Disassembler();
  private final Qemu qemu;

  /** @param decoder what the other CPU should agree with */
  Allocation(Decoder decoder, Qemu qemu) {
    this.decoder = decoder;
    this.qemu = qemu;
  }

  /** Random words, half of them forms of the table with a few bits changed. */
  static int[] words(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    Insn[] insns = Insn.values();
    int[] words = new int[count];
    for (int i = 0; i < count;) {
      int word = random.nextInt();
      if ((i & 1) != 0) {
        Insn insn = insns[random.nextInt(insns.length)];
        word = word & ~insn.mask() | insn.match() | insn.shouldBeOnes();
        for (int flips = random.nextInt(3); flips > 0; flips--) {
          word ^= 1 << random.nextInt(32);
        }
      }
      if (straight(word)) {
        words[i++] = word;
      }
    }
    return words;
  }

  private static boolean straight(int word) {
    return switch (word >>> 25 & 15) {
      case 8, 9, 4, 6, 12, 14, 5, 13, 7, 15 -> true;
      default -> false;
    };
  }

  /** The words on which the two disagree, described. */
  List<String> disagreements(int[] words) throws IOException, InterruptedException {
    StringBuilder zero = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      zero.append("  mov x%d, #0%n".formatted(i));
    }
    Program driver = Assembler.program(CODE, DRIVER.formatted(zero));
    int slots = (int) (driver.address("slots") - CODE);
    ByteBuffer code = ByteBuffer.allocate(slots + 8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    code.put(0, driver.bytes());
    for (int i = 0; i < words.length; i++) {
      int at = slots + 8 * i;
      code.putInt(at, words[i]);
      code.putInt(at + 4, 0x14000000 | (int) (driver.address("after") - CODE - at - 4 >> 2) & 0x3FFFFFF);
    }
    ByteBuffer data = ByteBuffer.allocate(0x1_0000 + words.length + 0x1_0000).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(0, CODE + slots).putLong(8, words.length).putLong(24, DATA + 0x1000);
    // The handler's stack, and the action: SIGINFO, ONSTACK, NODEFER.
    data.putLong(0x100, DATA + 0x1_0000 + words.length & -16).putLong(0x108, 0).putLong(0x110, 0x1_0000);
    data.putLong(0x140, driver.address("handler")).putLong(0x148, 0x4800_0004L);
    Qemu.Raw raw = qemu.run(ElfFile.write(CODE, List.of(
        new ElfFile.Segment(CODE, ElfFile.READ | ElfFile.EXECUTE, code.array()),
        new ElfFile.Segment(DATA, ElfFile.READ | ElfFile.WRITE, data.array()))));
    if (raw.output().length != words.length) {
      throw new AssertionError("qemu-aarch64 ended with %d after %d of %d words: %s".formatted(raw.exit(), raw.output().length,
          words.length, raw.errors()));
    }
    List<String> found = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      Insn insn = decoder.decode(words[i]);
      if (insn != null && (insn.group() == InsnGroup.BRANCH || insn.group() == InsnGroup.SYSTEM)) {
        continue;
      }
      boolean allocated = raw.output()[i] != SIGILL;
      if (allocated != (insn != null)) {
        found.add("%08x: %s there (signal %d), %s here: %s".formatted(words[i], allocated ? "allocated" : "unallocated",
            raw.output()[i], insn == null ? "unallocated" : insn, disassembler.disassemble(0, words[i])));
      }
    }
    return found;
  }
}
