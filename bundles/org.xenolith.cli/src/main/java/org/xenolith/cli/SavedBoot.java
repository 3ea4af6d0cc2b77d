package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.platform.api.Platform;

/**
 * What {@code --load} must know beside the machine's own snapshot: the board's tree and the disks.
 *
 * @param guest name of what was booted
 * @param disks the {@code --disk} arguments
 */
record SavedBoot(String guest, List<String> disks) {
  private static final String TREE = "board.dtb";
  private static final String FACTS = "boot.txt";

  /** Adds the facts to a snapshot's folder. */
  void write(Path directory, Platform platform) throws IOException {
    Files.write(directory.resolve(TREE), FdtWriter.write(platform.source()));
    StringBuilder text = new StringBuilder("guest ").append(guest).append('\n');
    disks.forEach(disk -> text.append("disk ").append(disk).append('\n'));
    Files.writeString(directory.resolve(FACTS), text);
  }

  /** Reads them back. */
  static SavedBoot read(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve(FACTS));
      if (lines.isEmpty()) {
        throw new BadInput("--load '" + directory + "': " + FACTS + " is empty: the snapshot was not finished");
      }
      return new SavedBoot(lines.getFirst().replaceFirst("^guest ", ""),
          lines.stream().filter(l -> l.startsWith("disk ")).map(l -> l.substring("disk ".length())).toList());
    } catch (IOException e) {
      throw new BadInput("--load '" + directory + "': no snapshot made by --save: " + e.getMessage() + " is missing");
    }
  }

  Platform platform(Installed installed, Path directory) {
    try {
      return installed.reader().platform("snapshot", FdtReader.read(Files.readAllBytes(directory.resolve(TREE))), Map.of());
    } catch (IOException | FdtException e) {
      throw new BadInput("--load '" + directory + "': " + TREE + ": " + e.getMessage());
    }
  }
}
