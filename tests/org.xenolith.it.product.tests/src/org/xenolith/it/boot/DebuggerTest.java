// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Debian's gdb and lldb debug Debian's kernels. */
class DebuggerTest {
  @TempDir
  Path folder;

  @Test
  void gdbDebugsAnArmKernelWithFourCpus() throws Exception {
    // Debian's arm64 kernels have no names of data of their own.
    debug("virt", "debian", """
        hbreak do_timer
        continue
        bt 2
        watch -l *(long *) ($sp - 16)
        """, "EL=1 ", """
        p $SCTLR_EL1
        """, "M ");
  }

  @Test
  void gdbDebugsAPcsKernelWithFourCpus() throws Exception {
    debug("pc-pvh", "debian-amd64-cloud", """
        watch *(long *) &jiffies
        """, "", """
        p/x $CR0
        p $cr0 == $CR0 && $cr4 == $CR4 && $efer == $IA32_EFER
        """, "$2 = 1");
  }

  /**
   * Twice, as a run is the same each time: the kernel's own names are had from the first, which waits at its shell for as long as gdb takes, so that the second is stopped from its first
   * instruction on and never races it.
   */
  private void debug(String board, String guest, String watch, String flags, String more, String shown) throws Exception {
    Path symbols = folder.resolve("kernel.elf");
    try (Program run = Product.startWithInput("boot", board, "--cpus", 4, "--guest", guest, "--gdb", "0", "--append", "xl.shell", "--stdin",
        "--limit", 600)) {
      run.awaitOutput("smp: Brought up", Product.LONG);
      Outcome first = Product.run("gdb", "--with", TestTools.find("gdb-multiarch"), ":" + port(run), "-nx", "-batch", "-ex", "bt", "-ex",
          "monitor symbols " + symbols, "-ex", "info threads", "-ex", "kill");
      assertEquals(0, run.await(Product.LONG).exit(), "who kills ends the run");
      assertTrue(first.out().contains("Thread 4 \"CPU 3\""), first.toString());
      assertTrue(Pattern.compile("CPU [0-9].* in [a-z_]+ \\(\\)").matcher(first.out()).find(), first.toString());
    }
    try (Program run = boot(board, guest, "0,halted")) {
      String second = gdb(port(run), """
          info registers
          x/i $pc
          stepi
          symbol-file %s
          hbreak start_kernel
          continue
          bt 1
          %sx/2i $pc
          stepi
          %scontinue
          bt 2
          kill
          """.formatted(symbols, more, watch));
      for (String text : new String[] {flags, "Breakpoint 1, 0x", "#0  0x", " in start_kernel ()", "<start_kernel", shown,
          "hit Hardware watchpoint", " do_timer"}) {
        assertTrue(second.contains(text), text + " in " + second);
      }
    }
  }

  private static Program boot(String board, String guest, String gdb) {
    return Product.start("boot", board, "--cpus", 4, "--guest", guest, "--gdb", gdb, "--limit", 30);
  }

  private static String port(Program run) throws InterruptedException {
    return run.awaitError("target remote :([0-9]+)", Product.LONG).group(1);
  }

  private String gdb(String port, String commands) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("commands"), "target remote :" + port + "\n" + commands);
    Outcome outcome = TestTools.run("gdb-multiarch", "-nx", "-batch", "-iex", "set pagination off", "-iex", "set remotetimeout 60", "-iex",
        "set confirm off", "-x", script);
    return outcome.out() + outcome.err();
  }

  @Test
  @FullLane
  void lldbStopsStepsAndShowsRegisters() throws Exception {
    for (String board : new String[] {"virt", "pc-pvh"}) {
      try (Program run = boot(board, board.equals("virt") ? "debian" : "debian-amd64-cloud", "0,halted")) {
        Outcome outcome = TestTools.run("lldb-14", "--no-lldbinit", "--batch", "-o", "gdb-remote " + port(run), "-o", "register read pc",
            "-o",
            "stepi", "-o", "stepi", "-o", "register read", "-o", "thread list", "-o", "memory read --count 16 $pc", "-o", "process kill");
        String text = outcome.out() + outcome.err();
        for (String shown : new String[] {"instruction step into", "thread #4", "general:"}) {
          assertTrue(text.contains(shown), shown + " in " + text);
        }
      }
    }
  }

  @Test
  void whereNobodyWaitsForADebuggerThatIsSaidWithHowAMachineDoes() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      taken.close();
      Outcome refused = Product.run("gdb", "--with", TestTools.find("gdb-multiarch"), taken.getLocalPort(), "-batch");
      assertEquals(2, refused.exit(), refused.err());
      assertTrue(refused.err().contains("start one with: xenolith boot --gdb " + taken.getLocalPort()), refused.err());
    }
    Outcome missing = Product.run("gdb", "--with", "gdb-of-nowhere");
    assertEquals(2, missing.exit(), missing.err());
    assertTrue(missing.err().contains("there is no program 'gdb-of-nowhere' on PATH; Debian's package is gdb-multiarch"), missing.err());
  }

  @Test
  void aScenarioThatFailsStaysWhereItFailedUntilADebuggerEndsIt() throws Exception {
    Path scenario = Files.writeString(folder.resolve("waits.scenario"), """
        description: waits for what never comes
        platform: {board: virt, memory: 64M}
        guest: {name: tiny}
        steps:
        - expect: never
          within: 0.001s
        """);
    try (Program run = Product.start("run", "--gdb=0", scenario)) {
      String port = port(run);
      run.awaitError("stays halted for a debugger", Product.LONG);
      try (Socket line = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
        line.getOutputStream().write("+$?#3f".getBytes(StandardCharsets.US_ASCII));
        assertEquals("+$T", new String(line.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
        line.getOutputStream().write("+$k#6b".getBytes(StandardCharsets.US_ASCII));
        Outcome end = run.await(Product.LONG);
        assertEquals(5, end.exit(), end::toString);
        assertTrue(end.out().contains("0 scenarios passed, 1 failed"), end.out());
      }
    }
  }

  @Test
  @FullLane
  void aReplayHasNoPortOfTheRunsAndTakesItsOwn() throws Exception {
    Path journal = folder.resolve("journal");
    Product.run("boot", "--guest", "tiny", "--gdb", "0", "--record", journal).expect(0);
    Outcome again = Product.run("boot", "--replay", journal).expect(0);
    assertFalse(again.err().contains("target remote"), again.err());
    try (Program run = Product.start("boot", "--replay", journal, "--gdb", "0,halted")) {
      String session = gdb(port(run), "stepi\nset var $x0 = 1\nkill\n");
      assertTrue(session.contains("0x"), session);
      run.await(Product.LONG).expect(0);
    }
  }

  @Test
  void aPortThatIsTakenAndATextThatCanNotBeMeantAreRefusedBeforeTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Outcome refused = Product.run("boot", "--guest", "tiny", "--gdb", taken.getLocalPort());
      assertEquals(2, refused.exit(), refused.err());
      assertTrue(refused.err().contains("choose another port, or --gdb 0 for any that is free"), refused.err());
    }
    Outcome wrong = Product.run("boot", "--guest", "tiny", "--gdb=1234,stopped");
    assertEquals(2, wrong.exit(), wrong.err());
    assertTrue(wrong.err().contains("[[HOST:]PORT][,halted][,halt-on-loss]"), wrong.err());
  }
}
