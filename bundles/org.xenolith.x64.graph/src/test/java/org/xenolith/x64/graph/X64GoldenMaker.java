// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.xenolith.x64.arch.X64Model;
import org.xenolith.x64.isa.X64Decoder;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;
import org.xenolith.x64.isa.X64RandomInstructions;
import org.xenolith.x64.isa.X64Trait;

/**
 * Has random instructions executed by the processor that it runs on, compares, and writes what that makes of them. A program: cases of each form,
 * seed, and the file to be written, or {@code -} to compare only.
 */
final class X64GoldenMaker {
  /** What depends on more than a case has, or that processors differ in. */
  static final Set<String> LEFT_OUT = Set.of("cpuid", "rdtsc", "rdtscp", "rdpmc", "rdrand", "rdseed", "xgetbv", "xsetbv", "vmcall",
      "vmmcall", "sgdt", "sidt",
      "sldt", "str", "smsw", "lar", "lsl", "verr", "verw", "wrfsbase", "wrgsbase", "rdfsbase", "rdgsbase", "xlat", "leave", "enter",
      "pushf", "popf", "push", "pop", "std",
      "xsave", "xrstor", "xsavec", "xsaveopt", "fxsave", "fxrstor", "rcpps", "rcpss", "rsqrtps", "rsqrtss", "dpps", "dppd", "fsin", "fcos",
      "fptan", "fsincos", "fpatan",
      "fyl2x", "fyl2xp1", "f2xm1", "fstpnce", "fnsave", "fnstenv", "fldenv", "frstor");

  private X64GoldenMaker() {}

  public static void main(String[] arguments) throws IOException {
    int each = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    X64Decoder decoder = new X64Decoder(X64Model.BASELINE.features());
    X64RandomInstructions encodings = new X64RandomInstructions(seed, decoder, X64Mode.LONG_64, new X64RandomInstructions.Limits(0xFFCF,
        0xFFFF, 5, -64, 64, 0));
    SplittableRandom random = new SplittableRandom(seed);
    X64TestMachine machine = new X64TestMachine();
    int cases = 0;
    int wrong = 0;
    try (X64Native host = X64Native.start();
        DataOutputStream out = new DataOutputStream(arguments[2].equals("-") ? OutputStream.nullOutputStream()
            : new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[2]))))) {
      for (X64Insn insn : X64Insn.values()) {
        for (int i = 0; comparable(insn) && i < each; i++) {
          byte[] code = encodings.next(insn, random.nextInt(4) != 0);
          int number = random.nextInt();
          X64Case one = code == null || moved(decoder, insn, code) ? null : new X64Case(code, number);
          if (one == null || one.vague()) {
            continue;
          }
          long digest = one.digest(host.execute(one.request()));
          cases++;
          if (digest != one.digest(one.answer(machine)) && wrong++ < 100) {
            System.out.println(insn + " " + HexFormat.of().formatHex(code) + " with " + number + " differs");
          }
          out.writeByte(code.length);
          out.write(code);
          out.writeInt(number);
          out.writeLong(digest);
        }
      }
    }
    System.out.println(cases + " cases, " + wrong + " differ");
  }

  static boolean comparable(X64Insn insn) {
    for (X64Trait trait : new X64Trait[] {X64Trait.PRIVILEGED, X64Trait.IO_SENSITIVE, X64Trait.PORT, X64Trait.BRANCH, X64Trait.UNDEFINED,
        X64Trait.LOADS_SEGMENT}) {
      if (insn.is(trait)) {
        return false;
      }
    }
    boolean known = insn.feature() == null || X64Model.BASELINE.has(insn.feature());
    return known && insn.validIn(X64Mode.LONG_64) && !LEFT_OUT.contains(insn.mnemonic()) && insn != X64Insn.MOV_EVW_SW && insn
        != X64Insn.MOV_SW_EVW;
  }

  /** Whether an operand at rSI or rDI is elsewhere than the case has it. */
  static boolean moved(X64Decoder decoder, X64Insn insn, byte[] code) {
    X64Instruction instruction = new X64Instruction();
    decoder.decode(code, 0, code.length, X64Mode.LONG_64, instruction);
    boolean fixed = insn.is(X64Trait.STRING) || insn.mnemonic().startsWith("maskmov");
    return fixed && (instruction.addressPrefix() || instruction.segment() >= 0);
  }
}
