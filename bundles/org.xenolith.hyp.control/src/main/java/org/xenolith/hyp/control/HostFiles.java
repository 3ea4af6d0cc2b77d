// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.DiskFormats;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.hyp.api.DomainFirmwareKind;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/** The host's files that configurations name: kernels, firmware, disk images. */
record HostFiles(List<BlockDeviceFactory> formats, List<DomainFirmwareKind> firmware) {
  /**
   * What a domain starts that has firmware in the place of a kernel.
   *
   * @param name    one of those that are installed, or a file
   * @param memory  bytes of RAM
   * @param options for the builder
   * @return in the forms that there are
   */
  List<DomainImage> firmware(String place, String name, long memory, Map<String, String> options) {
    DomainFirmwareKind known = firmware.stream().filter(f -> f.name().equals(name)).findFirst().orElse(null);
    options.put(DomainImage.FIRMWARE, "1");
    if (known != null && known.mostTree() != Integer.MAX_VALUE) {
      options.put(DomainImage.MOST_TREE, Integer.toString(known.mostTree()));
    }
    try {
      List<byte[]> made = known == null ? List.of() : known.images();
      List<byte[]> forms = made.isEmpty() ? List.of(read(place, known == null ? name : known.file().toString(), InputFile.GUEST)) : made;
      return forms.stream().map(bytes -> new DomainImage(bytes, new byte[0], "", memory, options)).toList();
    } catch (HypervisorException e) {
      throw known != null || firmware.isEmpty() ? e
          : new HypervisorException(e.errno(), e.getMessage() + "; it is none of the firmware that is installed either: "
              + firmware.stream().map(f -> f.name() + " (" + f.description() + ")").sorted().collect(Collectors.joining(", ")));
    }
  }

  /**
   * Reads a file.
   *
   * @param place where the file is named, for the message
   * @param most  bytes that it may have
   */
  byte[] read(String place, String file, long most) {
    try {
      return InputFile.read(Path.of(file), most);
    } catch (IOException | RuntimeException e) {
      throw new HypervisorException(-XenErrno.XEN_ENOENT, place + ": can't read '" + file + "': " + HostReason.of(Path.of(file), e).text());
    }
  }

  /**
   * Opens a disk.
   *
   * @param progress hears what takes time, as unpacking does
   */
  BlockDevice open(DiskSpec disk, Consumer<String> progress) {
    if (formats.isEmpty()) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no disk format is installed; add org.xenolith.block.raw");
    }
    Mode mode = switch (disk.access()) {
      case "ro" -> Mode.READ_ONLY;
      case "w!" -> Mode.WRITE_THROUGH;
      default -> Mode.OVERLAY;
    };
    try {
      return new DiskFormats(formats).open(disk.target(), mode, Map.of(), progress);
    } catch (IOException | RuntimeException e) {
      throw new HypervisorException(-XenErrno.XEN_ENOENT, "disk '" + disk.target() + "': " + HostReason.of(Path.of(disk.target()), e)
          .text());
    }
  }
}
