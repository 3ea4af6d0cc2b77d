// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.xenolith.command.api.OptionName.option;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.Trait;
import org.xenolith.boot.api.BootException;

/** Finds out whether bytes can be a program: what a CPU would meet first must be instructions. */
final class CodeCheck {
  /** A random word is an instruction more often than not; so many in a row hardly ever are. */
  private static final int STEPS = 24;
  private static final int WORD = 4;

  private CodeCheck() {}

  /**
   * Follows the code from an offset on until it leaves in a way that only a CPU knows.
   *
   * @throws BootException if it comes to what is no instruction, or runs out of the file
   */
  static void check(byte[] file, int entry) {
    Decoder decoder = new Decoder();
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = entry;
    for (int step = 0; step < STEPS; step++) {
      if (at < 0 || at > file.length - WORD) {
        throw bad("it runs out of the file at offset %#x".formatted(at));
      }
      int word = words.getInt((int) at);
      Insn insn = decoder.decode(word);
      if (insn == null) {
        throw bad("the word %#010x at offset %#x is no instruction".formatted(word, at));
      }
      if (insn == Insn.B) {
        // imm26, in words (Arm ARM, C6.2 B)
        at += (word << 6 >> 6) * (long) WORD;
      } else if (insn.traits().contains(Trait.ENDS_BLOCK)) {
        return;
      } else {
        at += WORD;
      }
    }
  }

  private static BootException bad(String why) {
    return new BootException("the file is neither an arm64 Image nor an ELF file, and no A64 code either: " + why
        + ". If it is meant to be a flat binary, say where it goes with " + option("kernel-address") + ".");
  }
}
