// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.UBoot;
import org.xenolith.testkit.FullLane;

/** Flash, judged by Debian's U-Boot, whose driver reads the query table and writes with the buffer. What it says of the chips is what it says on QEMU. */
@FullLane
class FlashTest {
  private static final Pattern DIGEST = Pattern.compile("digest ([0-9a-f]+)");

  @TempDir
  private static Path work;

  /** U-Boot programs 512 KiB while something happens. Returns the digest at its end. */
  private static String run(String name, String engine, String meanwhile) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: U-Boot finds flash by its driver, keeps its environment there and copies to it.
        platform: {board: virt, gic: 2, memory: 256M, options: [flash=cfi], engine: %s}
        guest: {kernel: %s}
        limit: {virtual: 60s, host: 3min}
        steps:
          - expect: 'Loading Environment from Flash... .*bad CRC'
          - expect: 'Hit any key'
          - type: "\\n"
          - expect: '=> '
          - type: "flinfo\\n"
          - expect: 'Bank # 1: CFI conformant flash \\(16 x 16\\)  Size: 32 MB in 256 Sectors'
          - expect: 'Intel Extended command set, Manufacturer ID: 0x89, Device ID: 0x0018'
          - expect: '=> $'
          - type: "setenv cow moo; saveenv\\n"
          - expect: 'Writing to Flash... done'
          - expect: '=> $'
          - type: "mw.l 0x40600000 5a5a5a5a 0x20000; cp.b 0x40600000 0x1100000 0x80000; cmp.b 0x40600000 0x1100000 0x80000\\n"
        %s
          - check: console
            lacks: 'Copy to Flash... done'
          - expect: 'Total of 524288 byte\\(s\\) were the same'
          - type: "erase 0x1100000 +0x40; md 0x1100000 1\\n"
          - expect: '01100000: ffffffff'
          - check: event
            kind: model-failed
            count: 0
          - expect: '=> $'
          - type: "reset\\n"
          - end: reset
        """.formatted(engine, UBoot.fetched().resolve("u-boot.bin"), meanwhile));
    Outcome outcome = Product.run("run", scenario).expect(0);
    Matcher digest = DIGEST.matcher(outcome.out());
    digest.find();
    return digest.group(1);
  }

  @Test
  void uBootKeepsItsEnvironmentWhileTheFlashIsReplaced() throws Exception {
    String undisturbed = run("undisturbed", "interpreter", "  - wait: 4900us");
    assertEquals(undisturbed, run("replaced", "regions", """
          - replace: org.xenolith.hw.flash.cfi
            times: 50
            every: 100us
          - save: there
          - restore: there""".indent(2).stripTrailing()));
  }
}
