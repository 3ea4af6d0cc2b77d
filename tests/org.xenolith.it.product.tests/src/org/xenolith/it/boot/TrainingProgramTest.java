// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Product;
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
}
