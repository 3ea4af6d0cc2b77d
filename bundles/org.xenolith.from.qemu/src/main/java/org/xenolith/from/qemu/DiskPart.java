// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.from.qemu.QemuLine.Option;

/** Options {@code drive blockdev hda cdrom snapshot pflash} and their likes: images, and the disks that they are behind. */
final class DiskPart {
  private static final String PREFIXES = "(nbd|ssh|https?|ftps?|iscsi|rbd|gluster|nfs|sheepdog|json|blkdebug|vvfat):.*";
  private final BootLine boot;
  /** Those that wait for a device, by their names. */
  private final Map<String, Drive> named = new HashMap<>();
  /** Files of nodes, by theirs. */
  private final Map<String, String> files = new HashMap<>();
  private final Map<Integer, String> flash = new LinkedHashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  /** Names of images that devices name. */
  private final Set<String> taken = new HashSet<>();
  private boolean snapshot;
  private boolean scsi;

  /**
   * An image.
   *
   * @param option  where it is named
   * @param changes whether writes go to it
   */
  private record Drive(Object option, String file, String format, boolean readOnly, boolean changes, boolean cdrom) {}

  DiskPart(BootLine boot) {
    this.boot = boot;
  }

  void addTo(OptionTable table) {
    table.put("drive", this::drive);
    table.put("blockdev", this::block);
    table.put("hda hdb hdc hdd", option -> waiting.add(() -> ide(option, new Drive(option, option.value(), "", false, !snapshot, false))));
    table.put("cdrom", option -> waiting.add(() -> optical(new Drive(option, option.value(), "raw", true, false, true))));
    table.put("pflash", option -> flash(option, -1, option.value()));
    table.put("snapshot", option -> snapshot = true);
    table.put("sd fda fdb mtdblock", option -> boot.missing(option, "there is no such drive; --disk has virtio's"));
  }

  private void flash(Object option, int unit, String file) {
    if (boot.arm()) {
      flash.put(unit < 0 ? flash.size() : unit, file);
    } else {
      boot.missing(option, "a PC here has no firmware, and no flash");
    }
  }

  private void drive(Option option) {
    KeyValues said = new KeyValues(option.value(), "");
    String of = said.take("if", "");
    String kind = !of.isEmpty() ? of : boot.arm() ? "virtio" : "ide";
    String file = said.take("file", "");
    String unit = said.take("unit", said.take("index", ""));
    String id = said.take("id", "");
    String format = said.take("format", "");
    boolean optical = said.take("media", "disk").equals("cdrom");
    boolean readOnly = said.on("readonly") || said.on("read-only") || optical;
    boolean kept = said.on("snapshot");
    if (kind.equals("pflash")) {
      flash(option, unit.matches("[01]") ? Integer.parseInt(unit) : -1, file);
      return;
    }
    if (file.isEmpty()) {
      boot.silent(option);
      return;
    }
    waiting.add(() -> {
      Drive drive = new Drive(option, file, format, readOnly, !readOnly && !kept && !snapshot, optical);
      named.put(id, drive);
      // Without a kind of its own it is the device's that names it.
      switch (of.isEmpty() && taken.contains(id) ? "none" : kind) {
        case "none" -> {
        }
        case "virtio" -> disk(drive, "virtio");
        case "ide" -> ide(option, drive);
        case "scsi" -> scsi(drive);
        default -> boot.missing(option, "there is no drive of kind " + kind + "; --disk has virtio's");
      }
    });
  }

  private void block(Option option) {
    KeyValues said = new KeyValues(option.value(), "driver");
    if (option.value().startsWith("{")) {
      boot.missing(option, "JSON isn't read here; give it as keys and values");
      return;
    }
    String driver = said.take("driver", "raw");
    String node = said.take("node-name", "");
    String file = said.take("filename", said.take("file.filename", ""));
    String under = said.take("file", "");
    boolean readOnly = said.on("read-only");
    waiting.add(() -> {
      String image = file.isEmpty() ? files.getOrDefault(under, "") : file;
      files.put(node, image);
      named.put(node, new Drive(option, image, driver.matches("file|host_device") ? "raw" : driver, readOnly, !readOnly && !snapshot,
          false));
      if (image.isEmpty()) {
        boot.missing(option, "no file is known for it");
      }
    });
  }

  // ---- Devices

  /** Has a device take an image. @return false if it isn't one for images */
  boolean device(Option option, String driver, KeyValues said) {
    if (!driver.matches(
        "virtio-blk.*|nvme|scsi-(hd|cd|disk|block)|ide-(hd|cd|drive)|usb-storage|virtio-scsi.*|ich9-ahci|ahci|piix[34]-ide|sd-card|nvme-ns|lsi.*|megasas.*|mptsas.*")) {
      return false;
    }
    String id = said.take("drive", "");
    if (id.isEmpty()) {
      if (driver.matches("sd-card|lsi.*|megasas.*|mptsas.*")) {
        boot.missing(option, "there is no such controller; SCSI disks are behind virtio's");
      } else {
        boot.silent(option);
      }
      return true;
    }
    taken.add(id);
    waiting.add(() -> {
      Drive drive = named.get(id);
      if (drive == null) {
        boot.missing(option, "there is no drive '" + id.replace(ShellWords.PUT_IN, '$') + "' in this line");
      } else if (driver.equals("virtio-blk-device")) {
        disk(drive, "");
      } else if (driver.startsWith("virtio-blk")) {
        disk(drive, "virtio");
      } else if (driver.startsWith("nvme")) {
        disk(drive, "nvme");
      } else if (driver.matches("scsi-cd|ide-cd") || drive.cdrom) {
        optical(drive);
      } else if (driver.startsWith("scsi-")) {
        scsi(drive);
      } else {
        ide(option, drive);
      }
    });
    return true;
  }

  private void ide(Object option, Drive drive) {
    if (drive.cdrom) {
      optical(drive);
      return;
    }
    if (disk(drive, "virtio")) {
      boot.otherwise(option, "a virtio disk: there is no IDE, AHCI or USB storage");
    }
  }

  private void optical(Drive drive) {
    if (usable(drive)) {
      boot.add("disk", drive.file + ",readonly,cdrom");
    }
  }

  private void scsi(Drive drive) {
    if (usable(drive)) {
      scsi = true;
      boot.add("disk", drive.file + access(drive) + ",scsi");
    }
  }

  /** @param model of the PCI device that it is; empty for one that isn't PCI's. @return false if its image can't be one */
  private boolean disk(Drive drive, String model) {
    boolean usable = usable(drive);
    if (usable) {
      boot.add("disk", drive.file + access(drive) + (model.isEmpty() ? "" : ",pci=" + boot.slot(model)));
    }
    return usable;
  }

  private static String access(Drive drive) {
    return drive.readOnly ? ",readonly" : drive.changes ? ",write" : "";
  }

  private boolean usable(Drive drive) {
    String format = drive.format.isEmpty() ? ImageFormats.of(drive.file) : drive.format;
    String why = drive.file.startsWith("fat:") ? "no folder of the host is a disk here; make an image of it (mkfs.vfat, mcopy)" : drive.file
        .matches(PREFIXES)
        && !ImageFormats.served(drive.file) ? "images are files here" : ImageFormats.refusal(format, drive.changes).orElse("");
    if (!why.isEmpty()) {
      boot.missing(drive.option, why);
    }
    return why.isEmpty();
  }

  // ---- The end

  /** All has been read: what waited for what stands behind it is said now. */
  void end() {
    waiting.forEach(Runnable::run);
  }

  /** The image that firmware is in; empty for none. */
  String flash() {
    return flash.getOrDefault(0, "");
  }

  /** Where firmware's variables are; empty for nowhere. */
  String variables() {
    return flash.getOrDefault(1, "");
  }

  /** Whether there is a SCSI disk, whose name in Linux is another. */
  boolean hasScsi() {
    return scsi;
  }
}
