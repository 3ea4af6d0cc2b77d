// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Performance monitors that are replaced, and removed, while they count a program of which every instruction is known. */
@FullLane
class MonitorsChangeTest {
  private static final String MONITORS = "org.xenolith.hw.pmu";
  private static final int STEPS = 16;
  private static final int ROUNDS = 40_000;
  /** Of a step: a letter, the loop's counter, the loop, the next letter and the branch back. */
  private static final int INSTRUCTIONS = 1 + 2 + 2 * ROUNDS + 3;
  private static final int BRANCHES = ROUNDS + 1;

  /**
   * Counts instructions, branches and cycles while it writes letters from A on and loops after each; the last counter overflows
   * after a million instructions. Then it writes what was counted.
   */
  private static final String PROGRAM = """
      mov x0, #8
      msr pmevtyper0_el0, x0
      msr pmevtyper3_el0, x0
      mov x0, #0x21
      msr pmevtyper1_el0, x0
      mov x0, #0x11
      msr pmevtyper2_el0, x0
      mov x0, #0xbdc0
      movk x0, #0xfff0, lsl #16
      msr pmevcntr3_el0, x0
      mov x0, #8
      msr pmintenset_el1, x0
      mov x0, #0xf
      movk x0, #0x8000, lsl #16
      msr pmcntenset_el0, x0
      mov x10, #0x9000000
      mov x11, #0x41
      mov x0, #0x41
      msr pmcr_el0, x0
      step: strb w11, [x10]
      mov x1, #ROUNDS_LOW
      movk x1, #ROUNDS_HIGH, lsl #16
      loop: subs x1, x1, #1
      b.ne loop
      add x11, x11, #1
      cmp x11, #LAST
      b.ne step
      msr pmcr_el0, xzr
      mrs x2, pmevcntr0_el0
      bl print
      mrs x2, pmevcntr1_el0
      bl print
      mrs x2, pmevcntr2_el0
      bl print
      mrs x2, pmccntr_el0
      bl print
      mrs x2, pmovsset_el0
      bl print
      mov w0, #8
      movk w0, #0x8400, lsl #16
      hvc #0
      print: mov x3, #64
      mov x4, #0x20
      strb w4, [x10]
      digit: sub x3, x3, #4
      lsr x4, x2, x3
      and x4, x4, #15
      cmp x4, #10
      add x5, x4, #0x57
      add x4, x4, #0x30
      csel x4, x4, x5, lo
      strb w4, [x10]
      cbnz x3, digit
      ret
      """.replace("ROUNDS_LOW", "" + (ROUNDS & 0xFFFF)).replace("ROUNDS_HIGH", "" + (ROUNDS >> 16)).replace("LAST", "" + (0x41 + STEPS));

  @TempDir
  Path folder;
  private final InstalledProduct product = InstalledProduct.get();
  private Path kernel;

  /** The program as an arm64 Image (Linux: Documentation/arm64/booting.rst). */
  @BeforeEach
  void assemble() throws IOException {
    byte[] code = Assembler.program(0, PROGRAM).bytes();
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | 64 / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xA);
    image.putInt(56, 0x644d5241);
    image.put(64, code);
    kernel = Files.write(folder.resolve("Image"), image.array());
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine boot(String engine) {
    return GuestMachine.launch(RequestBuilder.of("virt").cpus(1).memory(64L << 20).kernel(kernel).engine(engine).build());
  }

  private static String letters(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append((char) ('A' + i));
    }
    return text.toString();
  }

  private static String expected(long steps) {
    // The instruction that switches counting on is the first, the one that switches it off isn't counted.
    long instructions = 1 + steps * INSTRUCTIONS;
    return "%s %016x %016x %016x %016x %016x".formatted(letters(0, STEPS), instructions, steps * BRANCHES, instructions, instructions, 8);
  }

  @Test
  void programIsCountedExactlyByEveryEngine() throws IOException {
    String digest = null;
    for (String engine : new String[] {"interpreter", "regions"}) {
      try (GuestMachine guest = boot(engine)) {
        assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
        assertEquals(expected(STEPS), guest.console().text());
        digest = digest == null ? guest.machine().digest() : digest;
        assertEquals(digest, guest.machine().digest(), engine);
      }
    }
  }

  @Test
  void replacementsLoseNoInstruction() throws IOException {
    String digest;
    long instructions;
    try (GuestMachine undisturbed = boot("regions")) {
      assertEquals(StopReason.POWER_OFF, undisturbed.run(), undisturbed::events);
      digest = undisturbed.machine().digest();
      instructions = undisturbed.machine().instructions();
    }
    try (GuestMachine guest = boot("regions")) {
      for (int i = 0; i < STEPS; i++) {
        guest.runUntil(letters(i, i + 1));
        guest.machine().run(new RunLimit(guest.machine().now() + 7_001 * i % 40_000, Long.MAX_VALUE));
        Change done = product.change().replace(MONITORS, new ByteArrayInputStream(JarEdit.version(product.jar(MONITORS), "1.0." + (1 + i
            % 2))));
        assertTrue(done.done() && done.devices() == 1, done::toString);
      }
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      assertEquals(expected(STEPS), guest.console().text());
      assertEquals(instructions, guest.machine().instructions());
      assertEquals(digest, guest.machine().digest());
    }
  }

  @Test
  void whatIsExecutedWithoutThemIsntCounted() throws IOException {
    try (GuestMachine guest = boot("regions")) {
      guest.runUntil("C");
      assertTrue(product.change().remove(MONITORS).done());
      guest.runUntil("G");
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(MONITORS))).done());
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      long steps = STEPS - 4;
      assertTrue(guest.console().text().startsWith("%s %016x %016x".formatted(letters(0, STEPS), 1 + steps * INSTRUCTIONS, steps
          * BRANCHES)),
          guest.console()::text);
    }
  }
}
