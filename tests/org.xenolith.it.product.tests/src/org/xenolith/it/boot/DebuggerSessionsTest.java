// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.XenHypervisor;
import org.xenolith.testkit.FullLane;

/** Debian's gdb at what people bring up, the same session on QEMU beside it where that can: kernels with drivers and exceptions, hypervisors at EL2 with their traps, and their domains. */
@FullLane
class DebuggerSessionsTest {
  private static final long QEMU_KERNEL = 0x4a00_0000;
  private static final long QEMU_INITRD = 0x5000_0000;
  private static final String WATCHED = "Hardware watchpoint .*\n\nOld value = .*\nNew value = .*\n.* in ";
  /** Debian's arm64 kernels have no names of data of their own: where jiffies are is said by the code of a function that only reads them. */
  private static final String WATCH_ARM = """
      python
      import re
      code = gdb.execute('x/6i jiffies_read', to_string=True)
      page = int(re.search(r'adrp\\s+x\\d+, (0x[0-9a-f]+)', code).group(1), 16)
      offset = int(re.search(r'ldr\\s+x\\d+, \\[x\\d+(?:, #(\\d+))?\\]', code).group(1) or 0)
      gdb.execute('watch *(long *) 0x%x' % (page + offset))
      end""";
  private static final String FIRST = "=> 0x\\w+:\\s.*";

  @TempDir
  Path folder;

  private static DebuggerSession kernel(DebuggerSession session, Path names, String probe, String caller, String exception, String cause) {
    return session.both("first instruction", FIRST, "x/i $pc", "stepi", "symbol-file " + names).both("start of the kernel",
        "Breakpoint 1, 0x\\w+ in start_kernel \\(\\)", "hbreak start_kernel", "continue", "delete").both("a driver's probe", "in " + probe
            + " \\(\\)\n#1 .* in " + caller + " \\(\\)", "hbreak " + probe, "continue", "bt 3", "delete").both("four CPUs",
                "(?m)^[* ]+4 .*", "info threads").both("an exception", "in " + exception + " \\(\\)\n#1 .*", "hbreak " + exception,
                    "continue", "bt 2").both("its cause", cause, "print /x " + (exception.startsWith("exc") ? "$cr2" : "$FAR_EL1"),
                        "delete");
  }

  @Test
  void gdbDebugsAnArmKernelItsDriversProbesAndItsExceptions() throws Exception {
    Path names = DebuggerSession.names(folder, "virt", "debian");
    DebuggerSession session = kernel(new DebuggerSession("Debian on `virt`, 4 CPUs", folder), names, "pl011_probe", "amba_probe",
        "do_translation_fault", "= 0x[0-9a-f]+");
    session.ours("the exception's syndrome, by its fields", "= \\[ ISS=.* EC=.*]", "print $ESR_EL1").both("`watch` of `jiffies`", WATCHED
        + "tick_do_update_jiffies64 \\(\\)", WATCH_ARM, "continue");
    try (Program run = Product.start("boot", "virt", "--cpus", 4, "--guest", "debian", "--gdb", "0,halted", "--append", "nokaslr",
        "--limit", 60)) {
      session.at("remote", run);
    }
    Path parts = DebuggerSession.parts(folder, "debian");
    session.beside("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57", "-smp", 4, "-m", 512, "-kernel", parts.resolve("Image"),
        "-initrd", parts.resolve("initrd"), "-append", "console=ttyAMA0 panic=-1 nokaslr").print();
  }

  @Test
  void gdbDebugsAPcsKernelItsDriversProbesAndItsExceptions() throws Exception {
    Path names = DebuggerSession.names(folder, "pc-pvh", "debian-amd64-cloud");
    DebuggerSession session = kernel(new DebuggerSession("Debian's cloud kernel on `pc-pvh`, QEMU's `pc`, 4 CPUs", folder), names,
        "serial8250_probe", "platform_probe", "exc_page_fault", "= 0x[0-9a-f]+");
    session.both("`watch` of `jiffies`", WATCHED + "tick_do_update_jiffies64 \\(\\)", "watch *(long *) &jiffies", "continue");
    try (Program run = Product.start("boot", "pc-pvh", "--cpus", 4, "--guest", "debian-amd64-cloud", "--gdb", "0,halted", "--append",
        "nokaslr", "--limit", 60)) {
      session.at("remote", run);
    }
    Path parts = DebuggerSession.parts(folder, "debian-amd64-cloud");
    session.beside("qemu-system-x86_64", "-M", "pc", "-smp", 4, "-m", 512, "-kernel", parts.resolve("Image"), "-initrd", parts.resolve(
        "initrd"), "-append", "console=ttyS0 panic=-1 nokaslr").print();
  }

  @Test
  void gdbDebugsDebiansXenByTheNamesThatItHasInItsMemory() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path platform = folder.resolve("xen.platform");
    Path tree = folder.resolve("xen.dtb");
    Product.run("topology", "import", "virt", platform, "--el2", "--gic", 3, "--cpus", 2, "--memory", "1G", "--option", "flash=none")
        .expect(0);
    Product.run("topology", "export", platform, tree).expect(0);
    Path names = folder.resolve("xen.elf");
    try (Program run = xen(tree, debian, "0")) {
      run.awaitOutput("Booting Linux on physical CPU", Product.LONG);
      // Whichever it executes, a trap leads to the hypervisor.
      String text = DebuggerSession.gdb(folder, "remote", DebuggerSession.port(run), "hbreak *($VBAR_EL2 + 0x400)\ncontinue\nstepi\n"
          + "monitor symbols " + names + "\nsymbol-file " + names + "\ninfo symbol $pc\nkill\n");
      assertTrue(text.contains("guest_sync in section .text"), text);
    }
    DebuggerSession session = new DebuggerSession("Debian's Xen 4.17 at EL2, with its Dom0, 2 CPUs", folder).both("start of the hypervisor",
        "Breakpoint 1, 0x\\w+ in start_xen \\(\\)", "symbol-file " + names, "hbreak start_xen", "continue", "delete").both("a trap",
            "in do_trap_guest_sync \\(\\)\n#1 .* in guest_sync_slowpath \\(\\)", "hbreak do_trap_guest_sync", "continue", "bt 2", "delete")
        .both("its cause", "ESR_EL2 +0x\\w+ .*", "info registers ESR_EL2").both("whose trap", "VTTBR_EL2 +0x\\w+ .*",
            "info registers VTTBR_EL2").both("what it controls", "HCR_EL2 +0x\\w+ .*", "info registers HCR_EL2").both("back to the guest",
                "in leave_hypervisor_to_guest \\(\\)", "hbreak leave_hypervisor_to_guest", "continue", "bt 1").both("two CPUs",
                    "(?m)^[* ]+2 .*", "info threads");
    try (Program run = xen(tree, debian, "0,halted")) {
      session.at("remote", run);
    }
    session.beside("qemu-system-aarch64", "-M", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a57", "-smp", 2, "-m", 1024,
        "-dtb", qemuTree(tree, debian), "-kernel", XenHypervisor.fetched(), "-append", "bootscrub=0 dom0_mem=384M", "-device", loader(
            QEMU_KERNEL,
            debian.kernel()), "-device", loader(QEMU_INITRD, debian.initrd())).print();
  }

  private static Program xen(Path tree, DebianParts debian, String gdb) throws InterruptedException {
    return Product.startWithInput("boot", tree, "--el2", "--kernel", XenHypervisor.fetched(), "--append", "bootscrub=0 dom0_mem=384M",
        "--module",
        "kernel=" + debian.kernel() + ",console=hvc0 earlycon=xenboot " + Boot.SHORT, "--module", "ramdisk=" + debian.initrd(), "--gdb",
        gdb, "--stdin", "--limit", 900);
  }

  private Path qemuTree(Path tree, DebianParts debian) throws IOException {
    Fdt ours = FdtReader.read(Files.readAllBytes(tree));
    Fdt theirs = ours.edit("/chosen", chosen -> chosen.withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells("#size-cells", 2)).withChild(module("kernel", QEMU_KERNEL, debian.kernel()).withProperty(FdtProperty.ofStrings("bootargs",
            "console=hvc0 earlycon=xenboot"))).withChild(module("ramdisk", QEMU_INITRD, debian.initrd())));
    return Files.write(folder.resolve("qemu.dtb"), FdtWriter.write(theirs));
  }

  private static FdtNode module(String kind, long address, Path file) {
    return new FdtNode("module@" + Long.toHexString(address), List.of(), List.of()).withProperty(FdtProperty.ofStrings(
        "compatible", "multiboot," + kind, "multiboot,module")).withProperty(FdtProperty.ofU64("reg", address, file.toFile().length()));
  }

  private static String loader(long address, Path file) {
    return "loader,file=" + file + ",addr=0x" + Long.toHexString(address) + ",force-raw=on";
  }

  @Test
  void aNameOfAKernelThatHasYetToMoveIsMetWhereItRunsThen() throws Exception {
    for (String board : new String[] {"virt", "pc-pvh"}) {
      try (Program run = Product.start("boot", board, "--guest", board.equals("virt") ? "debian" : "debian-amd64-cloud", "--gdb",
          "0,halted", "--limit", 60)) {
        String text = Product.run("gdb", "--with", TestTools.find("gdb-multiarch"), ":" + DebuggerSession.port(run), "-nx", "-batch",
            "-ex", "hbreak start_kernel", "-ex", "continue", "-ex", "info breakpoints", "-ex", "hbreak rest_init", "-ex", "continue",
            "-ex", "kill").expect(0).out();
        for (String shown : new String[] {"SIGTRAP.*\n0xffff\\w+ in start_kernel \\(\\)", "0xffff\\w+ <start_kernel",
            "Breakpoint 2, 0xffff\\w+ in rest_init"}) {
          assertTrue(Pattern.compile(shown).matcher(text).find(), shown + " in " + text);
        }
      }
    }
  }
}
