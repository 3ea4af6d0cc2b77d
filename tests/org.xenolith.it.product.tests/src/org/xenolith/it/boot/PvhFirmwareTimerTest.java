// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.efi.EfiProgram;

/** Programs that halt or do nothing at all are woken and interrupted by the timer of our own firmware in a PVH guest, where the date is that of the clock chip. */
class PvhFirmwareTimerTest {
  private static final String END = "HALTING: woke each time";

  @TempDir
  Path work;

  /** A guest whose firmware starts the program of {@code halting.s}. */
  private Path guest() throws Exception {
    String object = work.resolve("halting.o").toString();
    Path code = work.resolve("halting.bin");
    TestTools.run("x86_64-linux-gnu-as", "--64", "-o", object, Product.root().resolve(
        "tests/org.xenolith.it.product.tests/src/org/xenolith/it/boot/halting.s")).expect(0);
    TestTools.run("x86_64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", object, code).expect(0);
    Path image = work.resolve("esp.img");
    TestTools.run("mformat", "-C", "-T", "16384", "-h", "64", "-s", "32", "-i", image, "::").expect(0);
    TestTools.run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT").expect(0);
    Path program = Files.write(work.resolve("halting.efi"), EfiProgram.ofX64(Files.readAllBytes(code)));
    TestTools.run("mcopy", "-i", image, program, "::/EFI/BOOT/BOOTX64.EFI").expect(0);
    return Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        firmware = "xenolith"
        memory = 64
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(image));
  }

  @Test
  void aProgramThatHaltsIsWoken() throws Exception {
    var outcome = Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--domu", guest(), "--console", "guest", "--until", END,
        "--limit", 20).expect(0).outHas("HALTING: 2026-01-01").outHas(
            "HALTING: woken for an event").outHas("HALTING: interrupted and intact");
    assertFalse(outcome.out().contains("HALTING: failed"), outcome::toString);
  }

  /** An interrupt that comes while the core is away is none, and whoever was interrupted goes on. */
  @Test
  void theTimerTicksWhileWhatItNeedsIsReplacedAndRemoved() throws Exception {
    Path scenario = Files.writeString(work.resolve("halting.scenario"), """
        description: What the timer of our own firmware in a PVH guest needs is replaced, leaves and comes back.
        platform: {board: pc-pvh}
        hypervisor: {no-dom0: true, domus: [%s]}
        limit: {virtual: 60s, host: 4min}
        steps:
          - expect: '%s'
            on: guest
          - replace: org.xenolith.hyp.vlapic
          - wait: 50ms
          - replace: org.xenolith.firmware.efi.boot
          - wait: 50ms
          - remove: org.xenolith.firmware.efi.boot
          - wait: 50ms
          - plug: org.xenolith.firmware.efi.boot
          - wait: 50ms
          - remove: org.xenolith.hyp.vlapic
          - wait: 50ms
          - plug: org.xenolith.hyp.vlapic
          - wait: 50ms
          - check: event
            kind: efi-exception
            count: 0
          - check: event
            kind: model-failed
            count: 0
        """.formatted(guest(), END));
    try (Program program = Product.start("run", scenario)) {
      program.await(Product.LONG).expect(0);
    }
  }
}
