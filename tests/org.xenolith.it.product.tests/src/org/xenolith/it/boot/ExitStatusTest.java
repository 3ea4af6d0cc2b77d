// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;

/** A guest that was given a way to ends the run with a status of its own: the exit code, and in the report. */
class ExitStatusTest {
  /** SYS_EXIT with ADP_Stopped_ApplicationExit (Arm IHI 0072). */
  private static final String SEMIHOSTING = "movz w0, #0x18\n adr x1, block\n hlt #0xf000\n b .\n .balign 8\n block: .quad 0x20026, 42";
  /** An ELF file that a PC enters by the note PVH has (elfnote.h of Xen, 18); what is written to the port is doubled, and 1 more. */
  private static final String PC = """
      .code32
      .set BASE, 0x100000
      elf: .byte 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0
      .quad 0
      .word 2, 62
      .long 1
      .quad BASE + entry - elf, headers - elf, 0
      .long 0
      .word 64, 56, 2, 64, 0, 0
      headers: .long 1, 7
      .quad 0, BASE, BASE, end - elf, end - elf, 4096
      .long 4, 4
      .quad note - elf, BASE + note - elf, BASE + note - elf, entry - note, entry - note, 4
      note: .long 4, 4, 18
      .asciz "Xen"
      .long BASE + entry - elf
      entry: mov $0xf4, %dx
      mov $0x10, %eax
      out %eax, %dx
      hlt
      end:
      """;
  @TempDir
  private static Path work;

  @Test
  void anArmGuestEndsTheRunBySemihosting() throws InterruptedException, IOException {
    Path kernel = SmallKernel.assemble(work, SEMIHOSTING);
    Boot boot = Boot.run(work, "semihosting", 42, "--kernel", kernel, "--semihosting");
    assertEquals("exit", boot.report().outcome());
    assertEquals(42, boot.report().number("exitStatus"));
  }

  @Test
  void aScenarioExpectsTheStatusThatTheGuestEndsWith() throws InterruptedException, IOException {
    scenario(42).expect(0);
    scenario(41).expect(1).errHas("ends the run with exit status 41 within").errHas("the guest ended the run with exit status 42");
  }

  private static Outcome scenario(int status) throws InterruptedException, IOException {
    Path scenario = Files.writeString(work.resolve("status-" + status + ".scenario"), """
        platform: {board: virt, semihosting: true}
        guest: {kernel: %s}
        limit: {virtual: 1s}
        steps:
          - end: exit
            status: %d
        """.formatted(SmallKernel.assemble(work, SEMIHOSTING).getFileName(), status));
    return Product.run("run", scenario);
  }

  @Test
  void aPcsGuestEndsTheRunByTheDebugExit() throws InterruptedException, IOException {
    Path source = Files.writeString(work.resolve("pc.s"), PC);
    Path object = work.resolve("pc.o");
    Path kernel = work.resolve("pc.elf");
    TestTools.run("x86_64-linux-gnu-as", "-o", object, source).expect(0);
    TestTools.run("x86_64-linux-gnu-objcopy", "-O", "binary", object, kernel).expect(0);
    Boot boot = Boot.run(work, "debug-exit", 33, "pc-pvh", "--kernel", kernel, "--debug-exit=0xf4", "--limit", "1");
    assertEquals("exit", boot.report().outcome());
    assertEquals(33, boot.report().number("exitStatus"));
  }
}
