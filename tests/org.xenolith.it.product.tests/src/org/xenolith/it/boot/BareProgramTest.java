// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.UBoot;

/** Programs that are no Linux kernels: Debian's U-Boot for QEMU's {@code virt}. */
class BareProgramTest {
  @TempDir
  private static Path work;

  /**
   * It finds the tree at the start of RAM: without it says "No valid device tree binary found" and stops. A key spares it two virtual
   * seconds in which it only counts, 2,000 million instructions; then it looks for something to boot on all buses, as it would have.
   */
  @Test
  void uBootsFlatBinaryComesToItsPrompt() throws InterruptedException {
    try (Boot.Started started = Boot.startWithInput(work, "flat", "--kernel", UBoot.fetched().resolve("u-boot.bin"), "--until", "^over")) {
      started.program().awaitOutput("Hit any key", Product.LONG);
      started.program().type("\n");
      started.program().awaitOutput("\n=> $", Product.LONG);
      started.program().type("boot; echo over\n");
      Boot boot = started.await(0);
      boot.outcome().outHas("U-Boot 20\\d\\d").outHas("DRAM: +512 MiB").outHas("devicetree: board").outHas("In: +pl011@9000000")
          .outHas("scanning bus for devices").outHas("No ethernet found");
      assertEquals("marker", boot.report().outcome());
      assertEquals(0, boot.report().number("unmodelledAccesses"));
    }
  }

  /** Its ELF file is linked to lie at 0 and position-independent; here on a GICv3, where it finds a PCI bus, and elsewhere in RAM. */
  @Test
  void uBootsElfFileIsMovedToWhereThereIsRam() throws InterruptedException {
    Boot.run(work, "elf", 0, "--gic", 3, "--memory", "1G", "--kernel", UBoot.fetched().resolve("uboot.elf"), "--kernel-address",
        "0x50000000", "--until", "Hit any key").outcome().outHas("DRAM: +1 GiB").outHas("devicetree: board");
  }
}
