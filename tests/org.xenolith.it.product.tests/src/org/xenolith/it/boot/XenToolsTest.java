// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.LogLines;
import org.xenolith.testkit.FullLane;

/** Xen's own tools, unmodified from Debian's packages, run in Dom0 on our hypervisor and control a domain that we built. */
@FullLane
class XenToolsTest {
  @TempDir
  private Path work;

  @Test
  void debiansToolsListReadPauseAndDestroyADomain() throws InterruptedException, IOException {
    DebianParts debian = DebianParts.fetched();
    Path disk = Files.write(work.resolve("disk.img"), new byte[1 << 20]);
    Path config = Files.writeString(work.resolve("one.cfg"), """
                name = "one"
                kernel = "%s"
                ramdisk = "%s"
                memory = 128
                extra = "console=hvc0 quiet %s xl.shell"
                disk = [ '%s,raw,xvda,rw' ]
                vif = [ 'mac=00:16:3e:00:00:01' ]
                """.formatted(debian.kernel(), debian.initrd(), Boot.SHORT, disk));
    List<String> commands = List.of("xl,info", "xl,list", "xl,vcpu-list", "xl,block-list,one", "xl,network-list,one",
        "xl,sched-credit2", "xl,pause,one", "xl,list,one", "xl,unpause,one", "xenstore-write,/local/domain/2/data/word,from-dom0",
        "xenstore-read,/local/domain/2/data/word", "xenstore-ls,/local/domain/2", "timeout,2,xenstore-watch,-n,1,/local/domain/2/data",
        "xl,block-detach,one,xvda", "xl,destroy,one", "xl,list", "xl,dmesg");
    StringBuilder words = new StringBuilder("quiet " + Boot.SHORT);
    commands.forEach(command -> words.append(" xl.run=").append(command));
    Boot boot = Boot.run(work, "tools", 0, "--hypervisor", "--memory", "1G", "--guest", "debian", "--package", "xenstore-utils",
        "--package", "xen-utils-4.17", "--package", "xen-utils-common", "--domu", config, "--append", words.toString());
    String out = boot.outcome().out().replace("\r", "");
    LogLines.assertNoComplaint(out);
    for (String command : commands) {
      String line = "XENOLITH-RUN exit=0 " + command.replace(',', ' ');
      assertTrue(out.contains(line), () -> "no line '" + line + "' in\n" + out);
    }
    boot.outcome().outHas("xen_version            : 4\\.17").outHas("free_memory").outHas("Domain-0 +0 ").outHas("xenolith-service +1 ")
        .outHas("one +2 +128 +1 +-b").outHas("one +2 +128 +1 +-bp").outHas("\nfrom-dom0").outHas("word = \"from-dom0\"")
        .outHas("\\(XEN\\) d2: destroyed one");
    String last = out.substring(out.indexOf("XENOLITH-RUN exit=0 xl destroy one"));
    assertFalse(last.contains("one                   "), last);
    assertFalse(out.contains("libxl: error"), out);
    assertEquals(0, boot.report().number("unmodelledAccesses"));
  }

  @Test
  void debiansXlCreatesADomainThatComesUp() throws InterruptedException, IOException {
    DebianParts debian = DebianParts.fetched();
    Path config = Files.writeString(work.resolve("made.cfg"), """
                name = "made"
                type = "pvh"
                kernel = "/root/Image"
                ramdisk = "/root/initrd"
                memory = 128
                extra = "console=hvc0 quiet %s xl.shell"
                """.formatted(Boot.SHORT));
    Boot boot = Boot.run(work, "create", 0, "--hypervisor", "--memory", "1G", "--guest", "debian", "--package", "xenstore-utils",
        "--package", "xen-utils-4.17", "--package", "xen-utils-common", "--add-file", "/root/Image=" + debian.kernel(),
        "--add-file", "/root/initrd=" + debian.initrd(), "--add-file", "/root/made.cfg=" + config, "--append", "quiet "
            + Boot.SHORT + " xl.run=mkdir,-p,/var/lock xl.run=xl,create,/root/made.cfg xl.run=sleep,60", "--limit", 60,
        "--console", 2, "--until", "XENOLITH-SHELL");
    boot.outcome().outHas("XENOLITH-MARKER").outHas("XENOLITH-SHELL");
    LogLines.assertNoComplaint(boot.outcome().out());
  }
}
