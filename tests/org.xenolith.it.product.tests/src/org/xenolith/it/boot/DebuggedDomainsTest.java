// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** Debian's gdb has domains of our hypervisor by themselves, each with its kernel's names and breakpoints. */
@FullLane
class DebuggedDomainsTest {
  /** Kernels have an entry of the hypercall page for each hypercall, or one function for all, whose name says for which CPUs. */
  private static final String BREAK_AT_HYPERCALL = """
      python
      import re
      known = gdb.execute('info functions xen_hypercall_', to_string=True)
      names = [name for name in ('xen_hypercall_intel', 'xen_hypercall_amd', 'xen_hypercall_event_channel_op', 'xen_hypercall_sched_op') \
          if re.search(r'\\b%s\\b' % name, known)]
      for name in names[:3]:
        gdb.execute('hbreak ' + name)
      end""";
  private static final String UP_TO_VMCALL = """
      python
      for _ in range(8):
        code = gdb.execute('x/i $pc', to_string=True)
        if 'vmcall' in code or 'vmmcall' in code:
          break
        gdb.execute('stepi', to_string=True)
      print(code)
      end""";
  private static final String OVER_VMCALL = """
      python
      at, number = int(gdb.parse_and_eval('(long)$pc')), int(gdb.parse_and_eval('(long)$rax'))
      gdb.execute('stepi', to_string=True)
      result = int(gdb.parse_and_eval('(long)$rax')) & 0xffffffffffffffff
      print('number 0x%x, then result 0x%x, %d bytes on' % (number, result, int(gdb.parse_and_eval('(long)$pc')) - at))
      end""";

  @TempDir
  Path folder;

  @Test
  void gdbHasADomainOfOurHypervisorWithABreakpointOfItsOwn() throws Exception {
    DebianParts debian = DebianParts.fetched();
    Path domain = Files.writeString(folder.resolve("one.cfg"), """
        name = "one"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        extra = "console=hvc0 xl.domu xl.shell"
        """.formatted(debian.kernel(), debian.initrd()));
    // Dom0's kernel is elsewhere: it has what KASLR needs, and a domain hasn't.
    Path linked = DebuggerSession.names(folder, "virt", "debian");
    Path names = folder.resolve("domain.elf");
    DebuggerSession session = new DebuggerSession("Our hypervisor on `virt`, its Dom0 and a domain, 2 CPUs", folder).ours(
        "the first tick of the domain's kernel", "Breakpoint 1, 0x\\w+ in tick_do_update_jiffies64", "symbol-file " + linked,
        "hbreak tick_do_update_jiffies64", "continue", "delete").ours("the domains",
            "d0: attach 2.*\nd1: attach 3.*\nd2: attach 4.*", "monitor domains").ours("EL2's registers",
                "VTTBR_EL2 .*VMID=.*\nHCR_EL2 .*VM.*",
                "info registers VTTBR_EL2 HCR_EL2").ours("the domain by itself, with its kernel's names", "#0 +0x\\w+ in \\w+ \\(\\)",
                    "add-inferior", "inferior 2", "attach 4", "monitor symbols " + names, "symbol-file " + names, "bt 2").ours(
                        "a breakpoint of the domain",
                        "Thread 2\\.1 \"CPU [01] in d2\" hit Breakpoint 2(\\.\\d)?, 0x\\w+ in tick_do_update_jiffies64",
                        "hbreak tick_do_update_jiffies64", "continue", "delete").ours("a hypercall of the domain", "hvc\\s+#0xea1",
                            "hbreak HYPERVISOR_event_channel_op", "continue", "x/2i $pc", "delete").ours("its trap",
                                "ESR_EL2 .*EC=22.*\nELR_EL2 .*",
                                "stepi", "stepi", "info registers ESR_EL2 ELR_EL2").ours("inferiors", "process 1 .*\n.*process 4 .*",
                                    "info inferiors", "inferior 1");
    try (Program run = Product.startWithInput("boot", "virt", "--hypervisor", "--cpus", 2, "--memory", "1G", "--guest", "debian",
        "--append", "xl.shell quiet", "--domu", domain, "--gdb", "0,halted", "--stdin", "--limit", 900)) {
      session.at("extended-remote", run).print();
    }
  }

  @Test
  void gdbHasADomainOfOurHypervisorOnAPcFromItsFirstInstructionOn() throws Exception {
    Path parts = DebuggerSession.parts(folder, "debian-amd64");
    Path domain = Files.writeString(folder.resolve("one.cfg"), """
        name = "one"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        extra = "console=hvc0 xl.domu xl.shell"
        """.formatted(parts.resolve("Image"), parts.resolve("initrd")));
    Path names = DebuggerSession.names(folder, "pc-pvh", "debian-amd64");
    // The kernels of Dom0 and of the domain are the same, at the same addresses: only by its domain is a place one's or the other's.
    DebuggerSession session = new DebuggerSession("Our hypervisor on `pc-pvh`, its Dom0 and a domain, 2 CPUs", folder).ours(
        "the first instruction of the domain", "hit Breakpoint 1, 0x0000000001000850", "hbreak *0x1000850", "continue", "delete").ours(
            "the domains", "d0: attach 2.*\nd1: attach 3.*\nd2: attach 4, on CPU .*", "monitor domains").ours(
                "the domain by itself, with its kernel's names", "Thread 2\\.\\d .* hit Breakpoint 2, 0x\\w+ in start_kernel \\(\\)",
                "add-inferior", "inferior 2", "attach 4", "symbol-file " + names, "hbreak start_kernel", "continue", "delete").ours(
                    "its tables", "cr3 .*", "info registers cr3").ours("a hypercall of the domain", "vmcall", BREAK_AT_HYPERCALL,
                        "continue",
                        "delete", UP_TO_VMCALL).ours("its trap", "number 0x\\w+, then result 0x\\w+, 3 bytes on", OVER_VMCALL).ours(
                            "inferiors",
                            "process 1 .*\n.*process 4 .*", "info inferiors", "inferior 1");
    try (Program run = Product.startWithInput("boot", "pc-pvh", "--hypervisor", "--cpus", 2, "--memory", "1G", "--guest", "debian-amd64",
        "--append", "xl.shell quiet", "--domu", domain, "--gdb", "0,halted", "--stdin", "--limit", 900)) {
      session.at("extended-remote", run).print();
    }
  }
}
