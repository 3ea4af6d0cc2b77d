// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.xenolith.testkit.x64.X64Case;
import org.xenolith.testkit.x64.X64ComparableForms;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.RandomInstructions;

/**
 * Has random instructions executed by the processor that it runs on, compares, and writes what that makes of them. A program: cases of each form,
 * seed, and the file to be written, or {@code -} to compare only.
 */
final class GoldenMaker {
  private GoldenMaker() {}

  public static void main(String[] arguments) throws IOException {
    int each = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    Decoder decoder = new Decoder(CpuModel.BASELINE.features());
    RandomInstructions encodings = new RandomInstructions(seed, decoder, DecodeMode.LONG_64, new RandomInstructions.Limits(0xFFCF,
        0xFFFF, 5, -64, 64, 0));
    SplittableRandom random = new SplittableRandom(seed);
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    int cases = 0;
    int wrong = 0;
    try (NativeProcessor host = NativeProcessor.start();
        DataOutputStream out = new DataOutputStream(arguments[2].equals("-") ? OutputStream.nullOutputStream()
            : new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[2]))))) {
      for (Insn insn : Insn.values()) {
        for (int i = 0; X64ComparableForms.comparable(insn) && i < each; i++) {
          byte[] code = encodings.next(insn, random.nextInt(4) != 0);
          int number = random.nextInt();
          X64Case one = code == null || X64ComparableForms.moved(decoder, insn, code) ? null : new X64Case(code, number);
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
}
