// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** A Debian system for amd64 on a disk, configured by itself on our PC, comes to its login there, and in a domain of the hypervisor. Making it takes a quarter of an hour. */
@FullLane
class PcDiskTest {
  private static final String SYSTEM = "debian-amd64";
  private static final Pattern COMPLAINT = Pattern.compile(
      "Firmware Bug|ACPI (BIOS )?(Error|Warning)|clocksource: .*(unstable|skew)|\\[FAILED\\]|I/O error|EXT4-fs error");

  @TempDir
  private static Path work;

  private static void login(String name, Object... machine) throws InterruptedException {
    List<Object> arguments = new ArrayList<>(List.of("--guest", SYSTEM));
    arguments.addAll(List.of(machine));
    toLogin(name, arguments);
  }

  private static void toLogin(String name, List<Object> machine) throws InterruptedException {
    List<Object> arguments = new ArrayList<>(List.of("pc-pvh", "--until", "debian login: "));
    arguments.addAll(machine);
    Boot boot = Boot.run(work, name, 0, arguments.toArray());
    assertEquals("marker", boot.report().outcome());
    boot.outcome().outHas("Reached target .*multi-user.target").outHas("Started .*systemd-logind.service");
    LogLines.assertNoComplaint(boot.outcome().out());
    assertEquals(List.of(), boot.outcome().out().lines().filter(line -> COMPLAINT.matcher(line).find()).toList());
  }

  @Test
  void systemdComesToALoginFromAVirtioDisk() throws InterruptedException {
    login("virtio", "--memory", "1G", "--disk", DebianDisk.in(work, SYSTEM), "--append", "xl.root=/dev/vda1");
  }

  @Test
  void systemdComesToALoginFromNvmeOnFourCpus() throws InterruptedException {
    login("nvme", "--memory", "16G", "--cpus", 4, "--pcie", "ecam", "--pci", "1.0=nvme", "--disk", DebianDisk.in(work, SYSTEM) + ",pci=1.0",
        "--append",
        "xl.root=/dev/nvme0n1p1");
  }

  /** As a PVH guest of the hypervisor, from its PV disk, at its PV console. */
  private static void domain(int cpus, int vcpus) throws InterruptedException, IOException {
    Path parts = work.resolve("parts");
    Product.run("guests", "fetch", SYSTEM, "--to", parts).expect(0);
    Path config = Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 768
        vcpus = %d
        extra = "console=hvc0 %s xl.root=/dev/xvda1"
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(parts.resolve("Image"), parts.resolve("initrd"), vcpus, Boot.SHORT, DebianDisk.in(work, SYSTEM)));
    toLogin("domain", List.of("--memory", "1G", "--cpus", cpus, "--hypervisor", "--no-dom0", "--domu", config, "--console", "guest",
        "--limit", 300));
  }

  @Test
  void systemdComesToALoginInAPvhDomainFromItsPvDisk() throws InterruptedException, IOException {
    domain(1, 1);
  }

  @Test
  void systemdComesToALoginInAPvhDomainWithFourVirtualCpusOnTwo() throws InterruptedException, IOException {
    domain(2, 4);
  }
}
