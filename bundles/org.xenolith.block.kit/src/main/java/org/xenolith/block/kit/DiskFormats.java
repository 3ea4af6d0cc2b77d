// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

/**
 * Which of the installed formats opens a disk: the one that is said, the one whose addresses look so, the one that knows the file by its content, or raw.
 *
 * @param formats those that are installed
 */
public record DiskFormats(List<BlockDeviceFactory> formats) {
  /** The setting that says which format it is, so that nobody looks at the content. */
  public static final String FORMAT = "format";
  /** The format whose files have no marks. */
  public static final String RAW = "raw";

  /**
   * Opens a disk.
   *
   * @param name     a file, or an address of a disk elsewhere
   * @param mode     what becomes of the guest's writes
   * @param settings what was said besides, by name
   * @param progress hears what takes time
   * @throws IOException if it can't be opened; the message names the disk and the remedy
   */
  public BlockDevice open(String name, Mode mode, Map<String, String> settings, Consumer<String> progress) throws IOException {
    String said = settings.get(FORMAT);
    return (said != null ? called(name, said) : fitting(name)).open(name, mode, new HashMap<>(settings), progress);
  }

  /**
   * Refuses settings that a format doesn't have.
   *
   * @param known those that it has besides {@link #FORMAT}
   */
  public static void requireOnly(String name, Map<String, String> settings, String... known) throws IOException {
    for (String setting : settings.keySet()) {
      if (!setting.equals(FORMAT) && !List.of(known).contains(setting)) {
        throw new IOException(name + ": has no setting '" + setting + "'; leave it out" + (known.length == 0 ? ""
            : ", or say one of " + String.join(", ", known)));
      }
    }
  }

  private BlockDeviceFactory called(String name, String format) throws IOException {
    return formats.stream().filter(one -> one.format().equals(format)).findFirst().orElseThrow(() -> new IOException(name + ": no format '"
        + format + "' of disks is installed; there are " + names()));
  }

  private String names() {
    return formats.stream().map(BlockDeviceFactory::format).sorted(Comparator.naturalOrder()).collect(Collectors.joining(", "));
  }

  private BlockDeviceFactory fitting(String name) throws IOException {
    for (BlockDeviceFactory format : formats) {
      if (format.names(name)) {
        return format;
      }
    }
    Path file = Path.of(name);
    if (Files.isRegularFile(file) && Files.isReadable(file) && formats.size() > 1) {
      // Held meanwhile, as closing it beside the others would let go of their locks.
      try (ImageFile image = ImageFile.open(file, false)) {
        FileMarks marks = FileMarks.of(image);
        for (BlockDeviceFactory format : formats) {
          if (format.recognises(marks.begin(), marks.end())) {
            return format;
          }
        }
      }
    }
    for (BlockDeviceFactory format : formats) {
      if (format.format().equals(RAW)) {
        return format;
      }
    }
    // One that was made when formats had no names opens whatever it is given.
    return formats.stream().filter(one -> one.format().isEmpty()).findFirst().orElseThrow(() -> new IOException(name
        + ": no format that is installed knows it; there are " + names()));
  }
}
