// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Debian's lldb goes forwards through what gdb does: kernels, drivers' probes, exceptions, a watchpoint. */
@FullLane
class LldbSessionTest {
  @TempDir
  Path folder;

  @Test
  void lldbGoesThroughTheSameForwards() throws Exception {
    for (String board : List.of("virt", "pc-pvh")) {
      boolean arm = board.equals("virt");
      String guest = arm ? "debian" : "debian-amd64-cloud";
      Path names = DebuggerSession.names(folder, board, guest);
      String probe = arm ? "pl011_probe" : "serial8250_probe";
      String exception = arm ? "do_translation_fault" : "exc_page_fault";
      try (Program run = Product.start("boot", board, "--cpus", 4, "--guest", guest, "--gdb", "0,halted", "--append", "nokaslr", "--limit",
          60)) {
        List<Object> words = new ArrayList<>(List.of("--no-lldbinit", "--batch", "-o", "target create " + names, "-o", "gdb-remote "
            + DebuggerSession.port(run), "-o", "disassemble --count 1 --start-address $pc"));
        for (String place : List.of("start_kernel", probe, exception)) {
          words.addAll(List.of("-o", "breakpoint set --hardware --name " + place, "-o", "continue", "-o", "bt 3"));
        }
        words.addAll(List.of("-o", "register read " + (arm ? "FAR_EL1 ESR_EL1" : "cr2 cr3"), "-o", "thread list", "-o",
            "breakpoint delete --force", "-o", arm ? "watchpoint set expression -w write -s 8 -- $sp - 16"
                : "watchpoint set expression -w write -s 8 -- &jiffies", "-o", "continue", "-o", "process kill"));
        Outcome outcome = TestTools.run("lldb-14", words.toArray());
        String text = outcome.out() + outcome.err();
        System.out.println(board + "\n" + text);
        for (String shown : List.of("frame #0: 0x\\w+ .*start_kernel", "frame #0: 0x\\w+ .*" + probe, "frame #1: 0x\\w+ .*" + (arm
            ? "amba_probe" : "platform_probe"), "frame #0: 0x\\w+ .*" + exception, arm ? "FAR_EL1 = 0x\\w+" : "cr2 = 0x\\w+",
            "thread #4: .*CPU 3", "Watchpoint 1 hit")) {
          assertTrue(Pattern.compile(shown).matcher(text).find(), board + ": " + shown + " in " + text);
        }
      }
    }
  }
}
