// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.XenHypervisor;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Debian's gdb in the guest debugs a small program on our machine and on QEMU's, with the same kernel, root file system and device
 * tree: what it prints is the same.
 */
@FullLane
class GdbComparisonTest {
  private static final int BASE = 0x40_0000;
  private static final int DATA = 0x41_0000;
  private static final int ENTRY = 0x100;

  private static final int[] CODE = {
      0xd2a00833, // 400100: movz x19, #0x41, lsl #16
      0xd2800000, // 400104: movz x0, #0
      0xd28000a1, // 400108: movz x1, #5
      0x8b010000, // 40010c: add x0, x0, x1
      0xf9000260, // 400110: str x0, [x19]
      0xf9400262, // 400114: ldr x2, [x19]
      0xf1000421, // 400118: subs x1, x1, #1
      0x54ffff81, // 40011c: b.ne 0x40010c
      0x9400000f, // 400120: bl 0x40015c
      0xa9010660, // 400124: stp x0, x1, [x19, #16]
      0x39008660, // 400128: strb w0, [x19, #33]
      0xd50b7433, // 40012c: dc zva, x19
      0xc85f7e63, // 400130: ldxr x3, [x19]
      0x91000463, // 400134: add x3, x3, #1
      0xc8047e63, // 400138: stxr w4, x3, [x19]
      0x35ffffa4, // 40013c: cbnz w4, 0x400130
      0xd289c405, // 400140: movz x5, #20000
      0xf10004a5, // 400144: subs x5, x5, #1
      0x54ffffe1, // 400148: b.ne 0x400144
      0xd42000e0, // 40014c: brk #7
      0xd2800000, // 400150: movz x0, #0
      0xd2800ba8, // 400154: movz x8, #93
      0xd4000001, // 400158: svc #0
      0x91000406, // 40015c: add x6, x0, #1
      0xd65f03c0, // 400160: ret
  };

  private static final String COMMANDS = """
            set pagination off
            set confirm off
            set style enabled off
            set startup-with-shell off
            set width 0
            echo GDB-BEGIN\\n
            starti
            hbreak *0x400108
            continue
            info registers pc x0 x1 x19
            stepi
            stepi
            stepi
            x/2i $pc
            stepi
            info registers pc x0 x1 x2 cpsr
            delete
            watch *(long *) 0x410000
            continue
            continue
            delete
            rwatch *(long *) 0x410000
            continue
            delete
            awatch *(int *) 0x410004
            continue
            delete
            stepi 7
            x/i $pc
            hbreak *0x400120
            hbreak *0x40015c
            continue
            info registers pc x0 x1
            stepi
            delete
            stepi
            info registers pc x6
            stepi
            rwatch *(long *) 0x410018
            hbreak *0x400128
            continue
            delete
            set $pc = 0x400124
            awatch *(long *) 0x410018
            continue
            delete
            watch *(char *) 0x410021
            continue
            delete
            awatch *(int *) 0x41002c
            continue
            delete
            x/i $pc
            stepi
            info registers pc x3 x4
            break *0x400148
            continue
            info registers pc x5
            delete
            stepi 100
            info registers pc x5
            hbreak *0x400148 if $x5 == 19940
            continue
            info registers pc x5
            info breakpoints
            delete
            continue
            x/i $pc
            stepi
            info registers pc
            set $pc = $pc + 4
            stepi
            stepi
            x/i $pc
            stepi
            echo GDB-END\\n
            """;

  private static final String WORDS = "quiet " + Boot.SHORT + " xl.run=gdb,-q,-batch,-nx,-x,/commands,/program";

  @TempDir
  private Path work;

  @Test
  void gdbStepsBreaksAndWatchesAsOnQemu() throws InterruptedException, IOException {
    Path parts = parts();
    Path tree = tree("--gic", 2);
    String words = Files.readString(parts.resolve("cmdline")).strip() + " " + WORDS;

    try (Program qemu = TestTools.start("qemu-system-aarch64", "-M", "virt,gic-version=2", "-cpu", "cortex-a57", "-m", 512, "-nographic",
        "-no-reboot", "-net", "none", "-dtb", tree, "-kernel", parts.resolve("Image"), "-initrd", parts.resolve("initrd"),
        "-append", words)) {
      Boot ours = Boot.run(work, "ours", 0, tree, "--kernel", parts.resolve("Image"), "--initrd", parts.resolve("initrd"), "--append",
          words);
      Outcome theirs = qemu.await(Product.LONG).expect(0);
      List<String> expected = transcript(theirs, 0);
      assertEquals(String.join("\n", expected), String.join("\n", transcript(ours.outcome(), 0)));
      for (String line : List.of("Breakpoint 1, 0x0000000000400108 in ?? ()", "Breakpoint 13, 0x0000000000400148 in ?? ()",
          "0x0000000000400124 in ?? ()", "=> 0x400158:\tsvc\t#0x0")) {
        assertTrue(expected.contains(line), () -> "no line '" + line + "' in\n" + String.join("\n", expected));
      }
      // A store of what is there is no read: gdb itself would pass over one that changes the value.
      assertTrue(expected.contains("Breakpoint 8, 0x0000000000400128 in ?? ()"), () -> String.join("\n", expected));
      // Each is printed when it is set, and when it is hit.
      for (String line : List.of("Hardware watchpoint 2: *(long *) 0x410000", "Hardware read watchpoint 3: *(long *) 0x410000",
          "Hardware access (read/write) watchpoint 9: *(long *) 0x410018",
          "Hardware access (read/write) watchpoint 11: *(int *) 0x41002c")) {
        assertTrue(Collections.frequency(expected, line) > 1, () -> "'" + line + "' is not hit in\n" + String.join("\n", expected));
      }
      assertEquals(0, ours.report().number("unmodelledAccesses"));
    }
  }

  /** Guests of Xen have no debug registers: what Debian's Xen at EL2 of our machine makes of that, ours does, too. */
  @TestFactory
  List<DynamicTest> belowOurHypervisorGdbDoesAsBelowXen() {
    return Lane.onlyFull(dynamicTest("two boots below a hypervisor", this::belowHypervisors));
  }

  private void belowHypervisors() throws InterruptedException, IOException {
    Path parts = parts();
    Boot xen = Boot.run(work, "xen", 0, tree("--el2", "--memory", "1G"), "--el2", "--kernel", XenHypervisor.fetched(), "--append",
        "dom0_mem=384M", "--module", "kernel=" + parts.resolve("Image") + ",console=hvc0 " + WORDS, "--module",
        "ramdisk=" + parts.resolve("initrd"));
    Boot ours = Boot.run(work, "ours", 0, "--hypervisor", "--kernel", parts.resolve("Image"), "--initrd", parts.resolve("initrd"),
        "--append", "console=hvc0 " + WORDS);
    List<String> expected = transcript(xen.outcome(), 1);
    assertEquals(String.join("\n", expected), String.join("\n", transcript(ours.outcome(), 1)));
    assertFalse(expected.contains("Breakpoint 1, 0x0000000000400108 in ?? ()"), "nothing breaks");
    assertTrue(expected.contains("Program received signal SIGTRAP, Trace/breakpoint trap."), "BRK is the guest's own");
  }

  private Path parts() throws InterruptedException, IOException {
    Path program = Files.write(work.resolve("program"), executable());
    Path commands = Files.writeString(work.resolve("commands"), COMMANDS);
    Path parts = work.resolve("debian");
    Product.run("guests", "fetch", "debian", "--to", parts, "--package", "gdb-minimal", "--add-file", "/program=" + program,
        "--add-file", "/commands=" + commands).expect(0);
    return parts;
  }

  private Path tree(Object... options) throws InterruptedException {
    Path platform = work.resolve("virt.platform");
    Path tree = work.resolve("virt.dtb");
    List<Object> line = new ArrayList<>(List.of("topology", "import", "virt", platform));
    line.addAll(List.of(options));
    Product.run(line.toArray()).expect(0);
    Product.run("topology", "export", platform, tree).expect(0);
    return tree;
  }

  /**
   * What gdb printed, but for the program's number, before it ended so; if it didn't come to its end, up to its complaint. Without
   * PSTATE.SSBS, too: where a CPU has no such bit, Linux sets it in a thread's saved PSTATE whenever the thread is switched to, and the next
   * exception clears it. Whether gdb sees it tells how often the thread was preempted while it stopped, thus how busy QEMU's host is.
   */
  private static List<String> transcript(Outcome outcome, int exit) {
    List<String> lines = outcome.outHas("XENOLITH-RUN exit=" + exit + " gdb").out().replace("\r", "")
        .replaceAll("process \\d+", "process PID").replaceAll("(cpsr +0x20)[01](000 .*=0 )(SSBS )?", "$10$2").lines().toList();
    int begin = lines.indexOf("GDB-BEGIN");
    int end = lines.indexOf(exit == 0 ? "GDB-END" : "The program is not being run.");
    if (begin < 0 || end < begin) {
      throw new AssertionError(outcome);
    }
    return lines.subList(begin, end);
  }

  /** A static ELF file of two segments: the code, and a page of data (System V ABI, chapter 4 and 5; machine 183 is AArch64). */
  private static byte[] executable() {
    ByteBuffer file = ByteBuffer.allocate(ENTRY + CODE.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x464C457F).put(new byte[] {2, 1, 1, 0}).putLong(0);
    file.putShort((short) 2).putShort((short) 183).putInt(1).putLong(BASE + ENTRY).putLong(64).putLong(0).putInt(0)
        .putShort((short) 64).putShort((short) 56).putShort((short) 2).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    segment(file, 5, BASE, file.capacity(), file.capacity());
    segment(file, 6, DATA, 0, 0x1000);
    file.position(ENTRY);
    for (int word : CODE) {
      file.putInt(word);
    }
    return file.array();
  }

  private static void segment(ByteBuffer file, int flags, long address, long fileSize, long memorySize) {
    file.putInt(1).putInt(flags).putLong(0).putLong(address).putLong(address).putLong(fileSize).putLong(memorySize).putLong(0x1000);
  }
}
