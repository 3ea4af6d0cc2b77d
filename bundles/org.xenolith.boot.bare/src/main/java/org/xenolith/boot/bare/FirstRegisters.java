// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.xenolith.command.api.OptionName.option;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SystemRegisterName;
import org.xenolith.a64.isa.Trait;
import org.xenolith.boot.api.BootException;
import org.xenolith.platform.api.PlatformNode;

/**
 * Finds out whether a program begins with system registers of an exception level that the CPUs haven't got: firmware for EL3, a hypervisor.
 * The first access would be UNDEFINED, without a vector table to go to, and the program would spin without a word.
 */
final class FirstRegisters {
  /** How far the code is followed. Who finds out where it is, by CurrentEL, branches before. */
  private static final int STEPS = 64;
  private static final int WORD = 4;
  /** MRS and MSR of a register, without direction and fields (Arm ARM, C4.1.91). */
  private static final int REGISTER_MASK = 0xFFD0_0000;
  private static final int REGISTER = 0xD510_0000;
  /** Barriers, hints, registers: what goes straight on, even if it changes context. */
  private static final int SYSTEM = 0xD5;
  private static final int READ = 1 << 21;

  private FirstRegisters() {}

  /**
   * Follows the code from an offset on until it leaves in a way that only a CPU knows, or sets a vector table of EL1 up.
   *
   * @param cpus the machine's; empty when they aren't known
   * @throws BootException if it comes to a register of a level that isn't there
   */
  static void check(byte[] code, long entry, List<PlatformNode> cpus) {
    if (cpus.isEmpty()) {
      return;
    }
    int highest = highestLevel(cpus.getFirst());
    Decoder decoder = new Decoder();
    ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    long at = entry;
    for (int step = 0; step < STEPS && at >= 0 && at <= code.length - WORD; step++) {
      int word = words.getInt((int) at);
      Insn insn = decoder.decode(word);
      if (insn == null) {
        return;
      }
      if ((word & REGISTER_MASK) == REGISTER) {
        int register = 1 << 15 | word >>> 5 & 0x7FFF;
        String name = SystemRegisterName.of(register);
        if (name.equals("vbar_el1")) {
          return;
        }
        int level = level(word >>> 16 & 7);
        if (level > highest) {
          throw refusal((word & READ) != 0 ? "reads" : "writes", name, at - entry, level);
        }
      }
      if (insn == Insn.B) {
        // imm26, in words (Arm ARM, C6.2 B)
        at += (word << 6 >> 6) * (long) WORD;
      } else if (insn.traits().contains(Trait.BRANCH) || insn.traits().contains(Trait.ENDS_BLOCK) && word >>> 24 != SYSTEM) {
        return;
      } else {
        at += WORD;
      }
    }
  }

  private static BootException refusal(String does, String name, long offset, int level) {
    String begins = "the program is for EL" + level + ": %#x bytes behind its entry it %s %s, and the CPUs have no EL%d. ".formatted(offset,
        does, name, level);
    return new BootException(begins + (level == 2 ? "Boot with " + option("el2") + "."
        : "Firmware of that level has no board here: start what it would start, such as a kernel, a hypervisor with " + option("el2")
            + ", or UEFI with " + option("firmware") + "."));
  }

  /** The lowest level that an encoding's op1 is for (Arm ARM D19.1.1). */
  private static int level(int op1) {
    return switch (op1) {
      case 4, 5 -> 2;
      case 6 -> 3;
      default -> 1;
    };
  }

  /** By the options of its node. */
  private static int highestLevel(PlatformNode cpu) {
    return has(cpu, "el3") ? 3 : has(cpu, "el2") || has(cpu, "virtualization") ? 2 : 1;
  }

  private static boolean has(PlatformNode cpu, String level) {
    return Boolean.parseBoolean(cpu.options().get(level));
  }
}
