// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.Medium;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchRequest;

/**
 * A disk that was asked for.
 *
 * @param text   as it was said
 * @param file   its image, or the address of a disk elsewhere
 * @param mode   what becomes of writes
 * @param scsi   whether it is one of a SCSI controller's
 * @param medium what it is to the guest
 * @param slot   of the PCI device that it is for; empty for a transport that is free
 * @param settings what only the image's format knows, by name
 */
record DiskText(String text, String file, Mode mode, boolean scsi, Medium medium, String slot, Map<String, String> settings) {
  private static final String PCI = "pci=";
  /** What a guest loads for SCSI disks and CD-ROMs, by Linux' names. */
  private static final List<String> MODULES = List.of("virtio_mmio", "virtio_pci", "virtio_scsi", "sd_mod", "sr_mod", "isofs");

  static DiskText of(String text) {
    String[] parts = text.split(",");
    Mode mode = Mode.OVERLAY;
    boolean said = false;
    boolean scsi = false;
    Medium medium = Medium.DISK;
    String slot = "";
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      switch (parts[i]) {
        case "write" -> {
          mode = Mode.WRITE_THROUGH;
          said = true;
        }
        case "readonly" -> mode = Mode.READ_ONLY;
        case "scsi" -> scsi = true;
        case "cdrom" -> medium = Medium.CD_ROM;
        default -> {
          int sign = parts[i].indexOf('=');
          if (sign < 1) {
            throw new BadInput(option(GuestOptions.DISK) + " '" + text + "': '" + parts[i]
                + "' is unknown; expected write, readonly, scsi, cdrom, pci=SLOT or a setting of the image's format, such as format=raw");
          }
          if (parts[i].startsWith(PCI)) {
            slot = parts[i].substring(PCI.length());
          } else {
            settings.put(parts[i].substring(0, sign), parts[i].substring(sign + 1));
          }
        }
      }
    }
    if (medium == Medium.CD_ROM && said) {
      throw new BadInput(option(GuestOptions.DISK) + " '" + text + "': a CD-ROM isn't written; leave out write, or cdrom");
    }
    boolean disc = medium == Medium.CD_ROM;
    return new DiskText(text, parts[0], disc ? Mode.READ_ONLY : mode, scsi || disc, medium, slot, settings);
  }

  /** What a message about it begins with. */
  String said() {
    return option(GuestOptions.DISK) + " '" + text + "'";
  }

  /** What a guest loads for a request's disks, by Linux' names: nothing unless some are SCSI's, as it has a word for the others. */
  static List<String> modules(LaunchRequest request) {
    boolean any = request.option(GuestOptions.DISK).stream().anyMatch(disk -> of(disk).scsi) || NodeFunctions.of(request).containsValue(
        DiskSet.VIRTIO_SCSI);
    return any ? MODULES : List.of();
  }
}
