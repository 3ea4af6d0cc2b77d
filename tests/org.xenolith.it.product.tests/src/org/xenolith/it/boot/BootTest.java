// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** How a boot ends, for whoever started it: exit code, last words, report. */
@Order(2)
class BootTest {
  private static final String MARKER = "XENOLITH-MARKER";

  /** Line ends, and how the terminal is told that a line is edited or not. */
  private static final String ENDS = "(?:\\u001b\\[\\?\\d+[hl]|\\u001b[=>]|[\\r\\n])+";

  @TempDir
  private Path work;

  @Test
  void debianComesToItsMarkerOnEitherInterruptController() throws InterruptedException {
    // side by side: two cores
    try (Boot.Started plain = Boot.start(work, "plain", "--guest", "debian", "--until", MARKER);
        Boot.Started many = Boot.start(work, "many", "--guest", "debian", "--gic", 3, "--cpus", 4, "--until", MARKER)) {
      Boot gic2 = plain.await(0);
      Boot gic3 = many.await(0);
      assertEquals("marker", gic2.report().outcome());
      assertEquals("marker", gic3.report().outcome());
      gic2.outcome().outHas("Root IRQ handler: gic_handle_irq").outHas("SMP: Total of 1 processors").outHas(MARKER);
      gic3.outcome().outHas("GICv3: ").outHas("SMP: Total of 4 processors").outHas(MARKER);
      LogLines.assertNoComplaint(gic2.outcome().out());
      LogLines.assertNoComplaint(gic3.outcome().out());
      assertEquals(0, gic2.report().number("unmodelledAccesses"), gic2.report()::toString);
      assertEquals(0, gic3.report().number("unmodelledAccesses"), gic3.report()::toString);
    }
  }

  @Test
  void tinyNeedsNeitherNetworkNorCache() throws InterruptedException, IOException {
    for (int gic : new int[] {2, 3}) {
      Boot.run(work, "marker", 0, "--guest", "tiny", "--gic", gic, "--until", MARKER).outcome().outHas("tick 10");
      Path report = work.resolve("bare" + gic + ".json");
      Product.run(bareEnvironment(), "boot", "--guest", "tiny", "--gic", gic, "--report", report).expect(0)
          .outHas("GICv" + gic).outHas("tick 10\\s").outHas("XENOLITH-DONE");
      assertTrue(report.toFile().length() > 0);
    }
  }

  @Test
  @FullLane
  void aSecondBootInTheSameProcessComesToTheSameState() throws InterruptedException {
    Boot once = Boot.run(work, "once", 0, "--guest", "tiny");
    Boot twice = Boot.run(work, "twice", 0, "--guest", "tiny", "--times", 2);
    assertEquals(once.outcome().out().repeat(2), twice.outcome().out());
    assertEquals(once.report().digest(), twice.report().digest());
    assertEquals(List.of(1, 2), List.of(once.report().numbers("bootSeconds").size(), twice.report().numbers("bootSeconds").size()));
    assertEquals(twice.report().number("hostSeconds"), twice.report().numbers("bootSeconds").getLast());
  }

  @Test
  @FullLane
  void onlyABootThatCameToItsEndIsFollowedByAnother() throws InterruptedException {
    Boot boot = Boot.run(work, "limit", 3, "--guest", "tiny", "--limit", 0.01, "--times", 2);
    assertEquals("limit", boot.report().outcome());
    assertEquals(1, boot.report().numbers("bootSeconds").size());
  }

  @Test
  @FullLane
  void withoutMeansToFetchDebianNoOtherGuestBootsUnasked() throws InterruptedException, IOException {
    Map<String, String> bare = bareEnvironment();
    Product.run(bare, "boot", "--until", MARKER).expect(2).errHas(
        "xenolith: debian: .*has no linux-image-.*Put it there: .*Another guest, tiny, is always there: --guest tiny, or --fallback");
    Product.run(bare, "boot", "--until", MARKER, "--fallback").expect(0).outHas("tiny guest").errHas(
        "^xenolith: NOT debian: booting the guest 'tiny' instead\\. ");
    Product.run(bare, "boot", "--guest", "debian").expect(2).errHas(
        "guest debian: linux-image-.* is not in the cache, and the folder .*/none,"
            + " which XENOLITH_PACKAGES names, has no linux-image-.*\\.deb\\. Put it there: ");
    Product.run(bare, "boot", "--package", "xen-utils-4.17").expect(2).errHas(
        "--package: no other guest can take it\\. debian: .*has no linux-image-");
  }

  /** Nowhere to fetch a package from, and no program on PATH but those that the launcher script itself needs. */
  private Map<String, String> bareEnvironment() throws IOException, InterruptedException {
    Path bin = Files.createDirectories(work.resolve("bin"));
    for (String tool : new String[] {"bash", "env", "readlink", "dirname", "sed"}) {
      Path script = bin.resolve(tool);
      Files.writeString(script, "#!/bin/sh\nexec " + TestTools.find(tool) + " \"$@\"\n");
      script.toFile().setExecutable(true);
    }
    return Map.of("PATH", bin.toString(), "XENOLITH_CACHE", work.resolve("cache").toString(), "XENOLITH_PACKAGES", work.resolve("none")
        .toString());
  }

  /** In the full lane the kernel goes on as long as it is let, counting: two virtual seconds; otherwise it asks for a reset at once. */
  @Test
  void aPanicIsAFailureOfTheGuest() throws InterruptedException {
    Boot boot = Boot.run(work, "panic", 1, "--guest", "debian", "--append", Boot.SHORT
        + " rdinit=/nonexistent init=/nonexistent panic=" + (Lane.full() ? 0 : -1));
    assertEquals("panic", boot.report().outcome());
    assertTrue(boot.report().number("virtualSeconds") < 10, boot.report()::toString);
    boot.outcome().outHas("Kernel panic - not syncing").errHas("xenolith: the guest panicked: 'Kernel panic - not syncing: .+'; the run"
        + " ended at \\d+\\.\\d+ virtual seconds");
  }

  @Test
  @FullLane
  void aGuestOfOnesOwnThatPanicsEndsTwoVirtualSecondsLaterUnlessItIsToldToGoOn() throws InterruptedException, IOException {
    Path kernel = SmallKernel.assemble(work, """
                adr x1, text
                movz x2, #0x0900, lsl #16
                next: ldrb w0, [x1], #1
                cbz w0, armed
                strb w0, [x2]
                b next
                armed: movz x0, #1, lsl #32
                msr cntv_cval_el0, x0
                mov x0, #1
                msr cntv_ctl_el0, x0
                wait: wfi
                b wait
                text: .asciz "[    0.000000] Kernel panic - not syncing: of one's own\\r\\n"
                .balign 4
                """);
    Path journal = work.resolve("panic.journal");
    Boot stopped = Boot.run(work, "own-panic", 1, "--kernel", kernel, "--record", journal);
    assertEquals("panic", stopped.report().outcome());
    assertEquals(2, stopped.report().number("virtualSeconds"), 0.01);
    stopped.outcome().errHas("the guest panicked: 'Kernel panic - not syncing: of one's own'; .*--on-panic continue");
    Boot again = Boot.run(work, "own-panic-again", 1, "--kernel", kernel, "--replay", journal, "--engine", "interpreter");
    assertEquals("panic", again.report().outcome());
    assertEquals(stopped.report().digest(), again.report().digest());
    Boot on = Boot.run(work, "went-on", 3, "--kernel", kernel, "--on-panic", "continue", "--limit", 5);
    assertEquals("limit", on.report().outcome());
    assertEquals(5, on.report().number("virtualSeconds"), 0.01);
  }

  /** The guest says what is typed at it. */
  @Test
  @FullLane
  void theMonitorKeepsItsPromptUntilItIsLeft() throws InterruptedException, IOException {
    Path kernel = SmallKernel.assemble(work, """
                movz x2, #0x0900, lsl #16
                mov w0, #0x301
                str w0, [x2, #0x30]
                mov w0, #'!'
                strb w0, [x2]
                next: ldr w1, [x2, #0x18]
                tbnz w1, #4, next
                ldr w0, [x2]
                strb w0, [x2]
                b next
                """);
    try (Program boot = Product.startOnTerminal("boot", "--kernel", kernel)) {
      boot.awaitOutput("!", Product.LONG);
      boot.type("\u001d");
      boot.awaitOutput(ENDS + "\\(xenolith\\) $", Product.LONG);
      boot.type("status\rnonsense\r");
      boot.awaitOutput("\\(xenolith\\) status" + ENDS + "\\d+ instructions, .*" + ENDS + "\\(xenolith\\) nonsense" + ENDS
          + "unknown command 'nonsense'.*" + ENDS + "\\(xenolith\\) $", Product.LONG);
      boot.type("resume\rguest");
      boot.awaitOutput("\\(xenolith\\) resume" + ENDS + "guest$", Product.LONG);
      boot.type("\u001d\u001d");
      boot.awaitOutput("\\(xenolith\\) " + ENDS + "\u001d$", Product.LONG);
      boot.type("\u001dquit\r");
      boot.await(Product.LONG).expect(0);
    }
  }

  @Test
  @FullLane
  void theLimitOfVirtualTimeEndsARun() throws InterruptedException {
    Boot boot = Boot.run(work, "limit", 3, "--guest", "tiny", "--limit", "0.22", "--until", "never printed");
    assertEquals("limit", boot.report().outcome());
    assertEquals(0.22, boot.report().number("virtualSeconds"), 0.001);
    boot.outcome().outHas("tick 4\\s").errHas("the limit of virtual time was reached at 0\\.22\\d s and the --until text was not seen");
    assertTrue(!boot.outcome().out().contains("tick 5"), boot.outcome()::toString);
  }

  @Test
  @FullLane
  void aGuestThatWaitsForNothingHasFailed() throws InterruptedException, IOException {
    Path kernel = SmallKernel.assemble(work, "wait: wfi\n b wait\n");
    Boot boot = Boot.run(work, "idle", 1, "--kernel", kernel);
    assertEquals("idle", boot.report().outcome());
    boot.outcome().errHas("the guest waits for ever: all CPUs idle").errHas("the guest never wrote to its console");
  }

  @Test
  @FullLane
  void aResetNobodyAskedForIsAFailureAndAPowerOffIsNot() throws InterruptedException, IOException {
    Path reset = SmallKernel.assemble(work, "movz w0, #0x8400, lsl #16\n movk w0, #9\n hvc #0\n");
    assertEquals("guest-failed", Boot.run(work, "reset", 1, "--kernel", reset).report().outcome());
    Path off = SmallKernel.assemble(work, "movz w0, #0x8400, lsl #16\n movk w0, #8\n hvc #0\n");
    assertEquals("poweroff", Boot.run(work, "off", 0, "--kernel", off).report().outcome());
  }

  @Test
  void anAccessToNothingIsCountedAndNamed() throws InterruptedException, IOException {
    // the vectors are at zero, where nothing is: the abort is taken again and again, so the limit ends it
    Path kernel = SmallKernel.assemble(work, "movz x1, #0x0b00, lsl #16\n ldr x0, [x1]\n");
    Boot boot = Boot.run(work, "abort", 3, "--kernel", kernel, "--limit", "0.001", "--verbose");
    assertTrue(boot.report().number("unmodelledAccesses") > 0, boot.report()::toString);
    boot.outcome().errHas("(?i)b000000");
  }
}
