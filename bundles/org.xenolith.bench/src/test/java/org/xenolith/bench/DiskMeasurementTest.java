// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.bench.DiskMeasurement.Kind;

/** Both sides are asked for the same disk: else a figure compares two things. */
class DiskMeasurementTest {
  private static final Path DISK = Path.of("disks.raw");

  @Test
  void eachKindAsksBothSidesForTheSame() {
    Map<Kind, List<String>> ours = new EnumMap<>(Kind.class);
    ours.put(Kind.BLK, List.of("--disk", "disks.raw"));
    ours.put(Kind.LEGACY, List.of("--disk", "disks.raw", "--set", "/virtio_mmio@a003e00:legacy=true"));
    ours.put(Kind.SCSI, List.of("--disk", "disks.raw,scsi"));
    ours.put(Kind.PCI_BLK, List.of("--disk", "disks.raw,pci=1.0", "--pci", "1.0=virtio"));
    ours.put(Kind.PCI_LEGACY, List.of("--disk", "disks.raw,pci=1.0", "--pci", "1.0=virtio-legacy"));
    ours.put(Kind.PCI_SCSI, List.of("--disk", "disks.raw,scsi,pci=1.0", "--pci", "1.0=virtio"));
    for (Kind kind : Kind.values()) {
      assertEquals(ours.get(kind), kind.ours(DISK), kind.name());
      String peer = String.join(" ", kind.peer(DISK));
      String name = kind.name();
      assertTrue(peer.startsWith("-drive if=none,id=disk,format=raw,snapshot=on,file=disks.raw -global virtio-mmio.force-legacy="), peer);
      assertEquals(kind == Kind.LEGACY, peer.contains("force-legacy=true"), peer);
      assertEquals(name.contains("PCI"), peer.contains("-pci,addr=1.0"), peer);
      assertEquals(name.equals("PCI_LEGACY"), peer.contains("disable-modern=on"), peer);
      assertEquals(name.contains("SCSI"), peer.contains("-device virtio-scsi-") && peer.endsWith("-device scsi-hd,drive=disk"), peer);
      assertEquals(!name.contains("SCSI"), peer.contains("-device virtio-blk-") && peer.endsWith("drive=disk"), peer);
    }
    assertEquals(Kind.values().length, new HashSet<>(ours.values()).size(), "no two are the same");
  }
}
