// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.it.guest.DiskDigest;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Whichever provider of our own firmware between a disk and its file system is taken away, another one serves the same image, and what is above is
 * the same bundle as before. XENIO's two providers are exchanged by {@code OwnFirmwareXenIoPciTest}.
 */
@FullLane
class OwnFirmwareProvidersTest {
  private static final long A_WHILE = 400;

  /** A way to the disk. @param needs bundles that have no other in their place on it */
  private record Way(LaunchRequest request, List<String> needs) {}

  /** Those that can be taken away: each way has some of them. */
  private static final List<String> PROVIDERS = Lane.full() ? List.of("org.xenolith.efi.virtio.mmio", "org.xenolith.efi.virtio.pci",
      "org.xenolith.efi.pci", "org.xenolith.efi.pci.ecam", "org.xenolith.efi.virtioblk", "org.xenolith.efi.virtioscsi",
      "org.xenolith.efi.scsi", "org.xenolith.efi.scsidisk", "org.xenolith.efi.nvme") : List.of("org.xenolith.efi.virtio.mmio",
          "org.xenolith.efi.virtio.pci");

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static RequestBuilder board(String disk) {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(128L << 20).option("firmware", "xenolith").disks(List.of(disk));
  }

  private static Map<String, Way> ways(Path disk) {
    Map<String, Way> ways = new LinkedHashMap<>();
    List<String> pci = List.of("org.xenolith.efi.pci.ecam", "org.xenolith.efi.pci");
    ways.put("virtio-blk by MMIO", new Way(board(disk.toString()).build(), List.of("org.xenolith.efi.virtio.mmio",
        "org.xenolith.efi.virtioblk")));
    ways.put("virtio-blk by PCI", new Way(board(disk + ",pci=1.0/0.0").option("pci", "1.0=root-port 1.0/0.0=virtio").build(), with(pci,
        "org.xenolith.efi.virtio.pci", "org.xenolith.efi.virtioblk")));
    ways.put("NVMe", new Way(board(disk + ",pci=1.0/0.0").option("pci", "1.0=root-port 1.0/0.0=nvme").build(), with(pci,
        "org.xenolith.efi.nvme")));
    if (Lane.full()) {
      ways.put("virtio-scsi by MMIO", new Way(board(disk + ",scsi").build(), List.of("org.xenolith.efi.virtio.mmio",
          "org.xenolith.efi.virtioscsi", "org.xenolith.efi.scsi", "org.xenolith.efi.scsidisk")));
    }
    return ways;
  }

  private static List<String> with(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  /** Bundles with layers, each with the number that the framework has given this installation of it. */
  private static Map<String, Long> installed() {
    Map<String, Long> installed = new LinkedHashMap<>();
    for (Bundle bundle : FrameworkUtil.getBundle(OwnFirmwareProvidersTest.class).getBundleContext().getBundles()) {
      if (OwnFirmwareMachine.layers().containsValue(bundle.getSymbolicName())) {
        installed.put(bundle.getSymbolicName(), bundle.getBundleId());
      }
    }
    return installed;
  }

  @Test
  void withoutAnyOneProviderAnotherServesTheSameImage() throws IOException {
    Path disk = DiskDigest.disk(folder);
    String digest = DiskDigest.line(disk) + "\n";
    for (String provider : PROVIDERS) {
      Map<String, Long> before = installed();
      Change removed = product.change().remove(provider);
      assertTrue(removed.done(), removed::reason);
      int served = 0;
      for (Map.Entry<String, Way> way : ways(disk).entrySet()) {
        String where = way.getKey() + " without " + provider;
        try (GuestMachine guest = GuestMachine.launch(way.getValue().request)) {
          if (way.getValue().needs.contains(provider)) {
            guest.runFor(A_WHILE);
            assertFalse(guest.console().text().contains(DiskDigest.SAYS), () -> where + ": " + guest.console().text());
            assertFalse(handles(guest).stream().anyMatch(line -> line.contains("SimpleFileSystem")), () -> where + ": " + handles(guest));
          } else {
            guest.runUntil(DiskDigest.SAYS);
            guest.runFor(10);
            assertTrue(guest.console().text().contains(digest), () -> where + ": " + digest + guest.console().text());
            served++;
          }
          assertFalse(guest.events().contains("model-failed"), () -> where + ": " + guest.events());
        }
      }
      assertTrue(served > 0, () -> "nobody serves the image without " + provider);
      Map<String, Long> others = new LinkedHashMap<>(before);
      others.remove(provider);
      assertEquals(others, installed(), "all others are the bundles that were there");
      product.restore();
    }
  }

  private static List<String> handles(GuestMachine guest) {
    return guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
  }
}
