// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.block.api.Medium;
import org.xenolith.block.kit.DiskFormats;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** The disks of one boot: opened images and the places they go to. */
final class DiskSet implements AutoCloseable {
  private static final String VIRTIO_BLOCK = "virtio:2";
  /** A SCSI controller. */
  static final String VIRTIO_SCSI = "virtio:8";
  /** As many as a SCSI controller can have. */
  private static final int UNITS = 64;
  private final List<DiskText> texts;
  /** Places of those that are at home somewhere, which come last. */
  private final List<String> homes;
  private final List<BlockDevice> devices = new ArrayList<>();
  private final List<String> places = new ArrayList<>();
  /** Nodes that have a disk, or as many as units. */
  private final Map<String, Integer> disksAt = new HashMap<>();

  /**
   * Opens them.
   *
   * @param texts  disks that are to be placed
   * @param atHome disks whose place is given: texts of the same form by {@link BlockPlace}
   * @param progress hears what takes time
   */
  DiskSet(Installed installed, List<String> texts, Map<String, String> atHome, ProgressListener progress) {
    this.texts = texts.stream().map(DiskText::of).toList();
    homes = List.copyOf(atHome.keySet());
    try {
      for (DiskText text : this.texts) {
        devices.add(open(installed, text, progress));
      }
      for (String home : homes) {
        devices.add(open(installed, DiskText.of(atHome.get(home)), progress));
      }
    } catch (BadInput e) {
      close();
      throw e;
    }
  }

  private static BlockDevice open(Installed installed, DiskText disk, ProgressListener progress) {
    if (installed.disks().isEmpty()) {
      throw new BadInput(option("disk") + ": no bundle for disk images is installed");
    }
    try {
      return new DiskFormats(installed.disks()).open(disk.file(), disk.mode(), disk.settings(), progress::progress);
    } catch (IOException e) {
      throw new BadInput(option("disk") + " '" + disk.file() + "': " + HostReason.of(Path.of(disk.file()), e).text());
    }
  }

  /**
   * Chooses a transport for each disk: the highest free virtio-mmio window first, as other emulators do. SCSI disks share one, at the window of
   * the first of them, and so do those of a PCI slot; their units are numbered in order.
   *
   * @param taken nodes that have another use
   */
  Map<String, String> place(Platform platform, Set<String> taken) {
    Map<String, String> functions = new LinkedHashMap<>();
    List<PlatformNode> free = platform.nodes().stream()
        .filter(n -> n.enabled() && !taken.contains(n.path()) && n.isCompatible("virtio,mmio") && !n.windows().isEmpty())
        .sorted((a, b) -> Long.compareUnsigned(b.windows().get(0).base(), a.windows().get(0).base())).toList();
    Iterator<PlatformNode> transports = free.iterator();
    String controller = "";
    for (DiskText disk : texts) {
      String node;
      if (!disk.slot().isEmpty()) {
        PlatformNode card = card(platform, disk);
        node = card.path();
        if (isTransport(card)) {
          functions.put(node, disk.scsi() ? VIRTIO_SCSI : VIRTIO_BLOCK);
        }
      } else if (disk.scsi() && !controller.isEmpty()) {
        node = controller;
      } else if (transports.hasNext()) {
        node = transports.next().path();
        controller = disk.scsi() ? node : controller;
        functions.put(node, disk.scsi() ? VIRTIO_SCSI : VIRTIO_BLOCK);
      } else {
        throw new BadInput(disk.said() + ": " + platform.name() + " has " + free.size()
            + " free virtio transports, not enough for the disks");
      }
      places.add(disk.scsi() ? unit(disk, node) : node);
      disksAt.putIfAbsent(node, 0);
    }
    return functions;
  }

  /** The next unit of a controller. */
  private String unit(DiskText disk, String node) {
    int unit = disksAt.merge(node, 1, Integer::sum) - 1;
    if (unit == UNITS) {
      throw new BadInput(disk.said() + ": the SCSI controller has " + UNITS + " disks already; put this one behind another, "
          + option("pci") + " 1.0=virtio and pci=1.0 here");
    }
    return BlockPlace.of(node, unit).toString();
  }

  private static boolean isTransport(PlatformNode card) {
    return TransportNodes.CARDS.stream().anyMatch(card::isCompatible);
  }

  /** The PCI device that a disk is for. */
  private PlatformNode card(Platform platform, DiskText disk) {
    String slot = disk.slot();
    PlatformNode card = platform.nodes().stream().filter(n -> n.slot().filter(slot::equals).isPresent()).findFirst()
        .orElseThrow(() -> new BadInput(disk.said() + ": there is no PCI device in slot " + slot + "; " + TransportNodes.remedy(slot,
            platform
                .nodes().stream().map(PlatformNode::slot).flatMap(Optional::stream), disk.scsi() ? "virtio" : "nvme")));
    if (disk.scsi() && !isTransport(card)) {
      throw new BadInput(disk.said() + ": the device in slot " + slot + " can't be a SCSI controller; plug one in that can with "
          + option("pci") + " SLOT=virtio");
    }
    Integer there = disksAt.get(card.path());
    if (there != null && (there == 0 || !disk.scsi())) {
      throw new BadInput(disk.said() + ": the device in slot " + slot + " has a disk already"
          + (disk.scsi() ? ", and not as a SCSI controller; say scsi at that one, too" : ""));
    }
    return card;
  }

  /** Attaches the disks to their places. */
  void attach(Machine machine) {
    for (int i = 0; i < devices.size(); i++) {
      boolean home = i >= places.size();
      BlockPlace.of(home ? homes.get(i - places.size()) : places.get(i)).port(machine::port)
          .attach(devices.get(i), "", home ? Medium.DISK : texts.get(i).medium());
    }
  }

  /** Where those are that were placed, in the order of the texts. */
  List<String> places() {
    return List.copyOf(places);
  }

  /** Gives the images back. */
  @Override
  public void close() {
    for (int i = 0; i < devices.size(); i++) {
      try {
        devices.get(i).close();
      } catch (IOException e) {
        String disk = i < texts.size() ? texts.get(i).said() : "the disk of " + homes.get(i - texts.size());
        throw new BadInput(disk + ": what was written may be lost: " + HostReason.of(e).text());
      }
    }
  }
}
