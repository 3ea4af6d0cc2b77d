// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.efi.EfiProgram;

/** A program on a disk that takes an exception in our own firmware, which has nobody to go on: the person at the terminal is told of it. */
class FirmwareExceptionTest {
  @Test
  void anExceptionOfAProgramIsSaid(@TempDir Path work) throws Exception {
    Path image = work.resolve("esp.img");
    TestTools.run("mformat", "-C", "-T", "16384", "-h", "64", "-s", "32", "-i", image, "::").expect(0);
    TestTools.run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT").expect(0);
    Path program = Files.write(work.resolve("broken.efi"), EfiProgram.of("brk #7\n"));
    TestTools.run("mcopy", "-i", image, program, "::/EFI/BOOT/BOOTAA64.EFI").expect(0);
    var outcome = Product.run("boot", "virt", "--firmware", "xenolith", "--disk", image, "--limit", 5).expect(1);
    assertTrue(outcome.err().contains("xenolith: efi-exception "), outcome::toString);
    assertTrue(outcome.err().contains("nothing goes on in this firmware"), outcome::toString);
  }
}
