// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** With an SMMU and an ITS, behind a root port; the domain has a network card, too. */
@FullLane
class PassthroughChangeTest extends PassedDiskContract {
  private static final GivenFunction DISK = new GivenFunction("01:00.0", "nvme");
  private static final GivenFunction CARD = new GivenFunction("00:02.0", "virtio-pci");
  private static final int MEBIBYTES = 4;
  private static final int BYTES = 4 << 20;
  private static final RandomDisk CONTENT = new RandomDisk(7, BYTES);

  private static final Way WAY = new Way(HypervisorGuest.UART, CONTENT.md5(0, BYTES), DISK, CARD, List.of("hw.pcihost.ecam",
      "hyp.pcihost.ecam",
      "hyp.vpci", "hyp.pci", "hyp.smmuv3", "hyp.its", "hyp.vgic", "hyp.physdev", "hw.smmuv3", "hw.its", "hw.nvme", "hw.gicv3",
      "hw.pci.rootport"), List.of("hw.nvme", "hyp.vpci", "hw.smmuv3", "hyp.its", "hyp.pci"));

  private static Path snapshot;

  @BeforeAll
  static void boot() throws IOException {
    Path disk = CONTENT.write(work.resolve("disk.raw"));
    DebianDomains debian = DebianDomains.fetched(work);
    Path config = Files.writeString(work.resolve(GUEST + ".cfg"), Files.readString(debian.domain(GUEST, 11, 1, "xl.pci"))
        + "pci = [ '01:00.0', '00:02.0' ]\n");
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest("debian").hypervisor(true)
        .append("quiet cryptomgr.notests xl.pci xl.shell").boardOption("iommu", "smmuv3")
        .option("pci", "1.0=root-port 1.0/0.0=nvme 2.0=virtio 3.0=virtio").option("nic", "pci=2.0 pci=3.0,mac=52:54:00:aa:bb:cc")
        .disks(List.of(disk + ",pci=1.0/0.0")).build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals(WAY.sum(), guest.dom0(READ));
      DISK.release(guest);
      CARD.release(guest);
      guest.dom0("xl-ip 10.1.0.1/24 $(basename /sys/bus/pci/devices/0000:00:03.0/virtio*/net/*)");
      guest.xl("create " + config);
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      guest.run(100);
      GivenFunction.unharmed(guest);
      snapshot = work.resolve("snapshot");
      guest.save(snapshot);
    }
  }

  @Override
  Way way() {
    return WAY;
  }

  @Override
  Path snapshot() {
    return snapshot;
  }

  @Override
  void giveBack(HypervisorGuest guest) {
    DISK.giveBack(guest, "/dev/nvme0n1");
  }

  private static boolean said(String text, String mark) {
    return text.contains("XENOLITH-" + mark + " OK");
  }

  @Test
  void aNetworkCardGoesToADomainAndBack() {
    try (HypervisorGuest guest = resume(snapshot)) {
      guest.shell(GUEST, "c=$(basename $(dirname $(grep -l 52:54:00:12:34:56 /sys/class/net/*/address))); xl-ip 10.1.0.2/24 $c");
      String interrupts = guest.shell(GUEST, "grep virtio /proc/interrupts");
      assertTrue(interrupts.contains("ITS-MSI"), interrupts);
      String pinged = guest.shell(GUEST, "xl-ping 10.1.0.1");
      assertTrue(said(pinged, "PING"), () -> pinged + guest.events());
      guest.typeAtBoard("xl-serve 5001 " + MEBIBYTES);
      String fetched = guest.shell(GUEST, "xl-fetch 10.1.0.1 5001");
      assertTrue(said(fetched, "FETCH") && fetched.contains("bytes=" + (MEBIBYTES << 20)), fetched);
      guest.xl("destroy " + GUEST);
      CARD.giveBack(guest, "/sys/bus/pci/devices/0000:00:02.0/virtio0/net");
      // The two are on one bridge: in a network of its own, one reaches the other only through it.
      guest.typeAtBoard("unshare -n sleep 100000 & p=$!; sleep 0.2; ip link set $(basename /sys/bus/pci/devices/0000:00:02.0/virtio*/net/*)"
          + " netns $p; n=\"nsenter -t $p -n\"");
      String back = guest.dom0("i=$($n ip -o link | sed -n 's/.*: \\(eth[0-9]*\\):.*/\\1/p'); $n ip addr add 10.1.0.3/24 dev $i;"
          + " $n ip link set $i up; $n xl-ping 10.1.0.1");
      assertTrue(said(back, "PING"), () -> back + guest.board().text());
      GivenFunction.unharmed(guest);
    }
  }
}
