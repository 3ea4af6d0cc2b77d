// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Debian's gdb goes back in a machine's past, and in QEMU's replay of an Arm machine beside it. */
@FullLane
class BackwardsSessionsTest {
  private static final String PC_REGISTERS = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eflags";
  private static final int FEW = 5;

  @TempDir
  Path folder;

  @Test
  void gdbGoesBackToTheLastWriteOnAnArmKernelAndStepsBackAndForth() throws Exception {
    backwards("virt", "debian", 200, "*(long *) ($sp - 8)", "x0 x1 x2 x3 x4 x5 x6 x7 x29 x30 sp pc cpsr");
  }

  @Test
  void gdbGoesBackToTheLastWriteOnAPcsKernelAndStepsBackAndForth() throws Exception {
    backwards("pc-pvh", "debian-amd64-cloud", 200, "*(long *) $sp", PC_REGISTERS);
  }

  /** QEMU goes back from the beginning for each instruction, which is long before a PC's kernel: fewer of them are asked of both. */
  @Test
  void gdbGoesBackOnAPcAndOnQemusBesideIt() throws Exception {
    backwards("pc-pvh", "debian-amd64-cloud", FEW, "*(long *) $sp", PC_REGISTERS);
  }

  private void backwards(String board, String guest, int steps, String watched, String registers) throws Exception {
    Path names = DebuggerSession.names(folder, board, guest);
    boolean arm = board.equals("virt");
    boolean qemu = arm || steps == FEW;
    DebuggerSession session = new DebuggerSession("Backwards, on `" + board + "`, 4 CPUs" + (qemu ? "; QEMU's replay" + (arm ? ""
        : " of `pc`") + " has one" : ""), folder).both(
            "a breakpoint", "Breakpoint 1, 0x\\w+ in start_kernel", "symbol-file " + names, "hbreak start_kernel", "continue", "delete")
        .both(
            steps + " instructions back", "(?m)^0x\\w+ in .*\\(\\)$", "set $there = $pc", "info registers " + registers, "echo \\n##\\n",
            "reverse-stepi " + steps).both("and forth", "(?m)^(pc|rip) .*", "stepi " + steps, "echo \\n##\\n", "info registers "
                + registers,
                "echo \\n##\\n").both("the last write",
                    "Hardware watchpoint .*\n\n(Old value = .*\nNew value = .*|Program received signal SIGTRAP.*)\n.*", "watch -l "
                        + watched,
                    "reverse-continue").both("who wrote", "=> 0x\\w+.*:\\s.*", "x/i $pc", "delete").ours("the present again", "= 1\n",
                        "monitor at present", "maintenance flush register-cache", "print $pc == $there");
    try (Program run = Product.start("boot", board, "--cpus", 4, "--guest", guest, "--history", "--gdb", "0,halted", "--append", "nokaslr",
        "--limit", 60)) {
      sameRegisters(session.at("remote", run).shown());
      assertTrue(session.shown().contains("Old value = "), session.shown());
    }
    if (qemu) {
      sameRegisters(replayed(session, arm, DebuggerSession.parts(folder, guest)));
    }
    session.print();
  }

  private static void sameRegisters(String shown) {
    String[] text = shown.split("##");
    assertTrue(text.length > 3 && text[0].contains(text[2].strip()), "the same registers: " + shown);
  }

  /** QEMU goes back in what it has recorded of one CPU, from a snapshot in an image that has nothing else: each instruction back is a run from there. */
  private String replayed(DebuggerSession session, boolean arm, Path parts) throws Exception {
    Path image = Files.write(folder.resolve("snapshot.qcow2"), EmptyQcow2.image(1L << 30));
    List<Object> machine = new ArrayList<>(arm ? List.of("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57") : List.of(
        "qemu-system-x86_64", "-M", "pc"));
    machine.addAll(List.of("-smp", 1, "-m", 512, "-kernel", parts.resolve("Image"), "-initrd", parts.resolve("initrd"), "-append",
        "console="
            + (arm ? "ttyAMA0" : "ttyS0") + " panic=-1 nokaslr", "-drive", "file=" + image + ",if=none,id=rr", "-icount"));
    String log = ",rrfile=" + folder.resolve("recorded") + ",rrsnapshot=init";
    List<Object> records = new ArrayList<>(List.of("-s", "TERM", arm ? "10" : "30", TestTools.find(machine.getFirst().toString())));
    records.addAll(machine.subList(1, machine.size()));
    records.addAll(List.of("shift=3,rr=record" + log, "-display", "none", "-serial", "null", "-monitor", "none", "-net", "none"));
    // It ends by itself if it comes to the guest's end before.
    TestTools.run("timeout", records.toArray());
    List<Object> replays = new ArrayList<>(machine);
    replays.add("shift=3,rr=replay" + log);
    return session.beside(replays.toArray()).theirs();
  }
}
