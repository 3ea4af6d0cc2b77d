// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;

class FirmwareProgramOfX64Test {
  /** What guests execute is what the source says; if not, the fresh file is put below target/ for whoever has changed it. */
  @Test
  void theAssembledProgramIsThatOfTheSource(@TempDir Path work) throws Exception {
    Path folder = Product.root().resolve("bundles/org.xenolith.firmware.efi.boot/src/main/resources/org/xenolith/firmware/efi/boot");
    String object = work.resolve("program-x64.o").toString();
    Path fresh = Files.createDirectories(Product.root().resolve("target")).resolve("program-x64.bin");
    TestTools.run("x86_64-linux-gnu-as", "--64", "-o", object, folder.resolve("program-x64.s")).expect(0);
    TestTools.run("x86_64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", object, fresh).expect(0);
    assertArrayEquals(Files.readAllBytes(fresh), Files.readAllBytes(folder.resolve("program-x64.bin")), "copy " + fresh + " to " + folder
        + ", and set program-x64.labels by its symbols");
  }
}
