// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.efi.EfiProgram;

class TrainingProgramTest {
  /** Where code begins in what is assembled. */
  private static final int CODE = 0x1000;

  /** What a product is trained with is what the source says; if not, the fresh file is put below target/ for whoever has changed it. */
  @Test
  void theAssembledProgramIsThatOfTheSource() throws IOException {
    Path folder = Product.root().resolve("product/src/main/resources/org/xenolith/launch");
    byte[] kept = Files.readAllBytes(folder.resolve("training.bin"));
    byte[] program = EfiProgram.of(Files.readString(folder.resolve("training.s")));
    int end = program.length;
    while (program[end - 1] == 0) {
      end--;
    }
    byte[] fresh = Arrays.copyOfRange(program, CODE, end);
    Path file = Files.write(Files.createDirectories(Product.root().resolve("target")).resolve("training.bin"), fresh);
    assertArrayEquals(fresh, kept, "copy " + file + " to " + folder);
  }

  @Test
  void theAssembledKernelOfAPcIsThatOfTheSource(@TempDir Path work) throws IOException, InterruptedException {
    Path folder = Product.root().resolve("product/src/main/resources/org/xenolith/launch");
    String object = work.resolve("training-pc.o").toString();
    Path file = Files.createDirectories(Product.root().resolve("target")).resolve("training-pc.bin");
    TestTools.run("x86_64-linux-gnu-as", "--64", "-o", object, folder.resolve("training-pc.s")).expect(0);
    TestTools.run("x86_64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", object, file).expect(0);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(folder.resolve("training-pc.bin")), "copy " + file + " to " + folder);
  }

  /** It does all that it is for: it is halted by its last instruction, and not by a fault before. */
  @Test
  void theKernelOfAPcComesToItsEnd(@TempDir Path work) throws IOException, InterruptedException {
    byte[] code = Files.readAllBytes(Product.root().resolve("product/src/main/resources/org/xenolith/launch/training-pc.bin"));
    ByteBuffer elf = ByteBuffer.allocate(CODE + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1).putLong(32, 64)
        .putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 2);
    elf.putInt(64, 1).putLong(64 + 8, CODE).putLong(64 + 24, 0x10_0000).putLong(64 + 32, code.length).putLong(64 + 40, code.length);
    elf.putInt(120, 4).putLong(120 + 8, 0x800).putLong(120 + 32, 20).putLong(120 + 40, 20);
    elf.putInt(0x800, 4).putInt(0x804, 4).putInt(0x808, 18).put(0x80C, new byte[] {'X', 'e', 'n', 0}).putInt(0x810, 0x10_0000);
    elf.put(CODE, code);
    Path kernel = Files.write(work.resolve("vmlinux"), elf.array());
    Outcome outcome = Product.run("boot", "pc-pvh", "--kernel", kernel, "--memory", "64M", "--limit", "60");
    assertTrue(outcome.err().contains("the guest waits for ever: all CPUs idle"), outcome.err());
  }
}
