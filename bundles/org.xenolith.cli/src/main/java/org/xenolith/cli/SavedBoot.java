package org.xenolith.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.platform.api.Platform;

/**
 * What {@code --load} must know beside the machine's own snapshot: the board's tree, its models' options and the disks.
 *
 * @param guest   name of what was booted
 * @param disks   the {@code --disk} arguments
 * @param options node path to option name to value
 */
record SavedBoot(String guest, List<String> disks, Map<String, Map<String, String>> options) {
  private static final String TREE = "board.dtb";
  private static final String FACTS = "boot.txt";

  /** What a boot on a platform must remember. */
  static SavedBoot of(String guest, List<String> disks, Platform platform) {
    Map<String, Map<String, String>> options = new LinkedHashMap<>();
    platform.nodes().stream().filter(n -> !n.options().isEmpty()).forEach(n -> options.put(n.path(), n.options()));
    return new SavedBoot(guest, disks, options);
  }

  /** Adds the facts to a snapshot's folder. */
  void write(Path directory, Platform platform) throws IOException {
    Files.write(directory.resolve(TREE), FdtWriter.write(platform.source()));
    StringBuilder text = new StringBuilder("guest ").append(guest).append('\n');
    disks.forEach(disk -> text.append("disk ").append(disk).append('\n'));
    options.forEach((node, chosen) -> new TreeMap<>(chosen).forEach((name, value) -> text.append("set ").append(node).append(':')
        .append(name).append('=').append(value).append('\n')));
    Files.writeString(directory.resolve(FACTS), text);
  }

  /** Reads them back. */
  static SavedBoot read(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve(FACTS));
      if (lines.isEmpty()) {
        throw new BadInput("--load '" + directory + "': " + FACTS + " is empty: the snapshot was not finished");
      }
      return new SavedBoot(lines.getFirst().replaceFirst("^guest ", ""), with("disk ", lines),
          BoardSelection.settings(with("set ", lines)));
    } catch (CharacterCodingException e) {
      throw new BadInput("--load '" + directory + "': " + FACTS + " is no text: the snapshot is damaged");
    } catch (IOException e) {
      throw new BadInput("--load '" + directory + "': no snapshot made by --save: " + e.getMessage() + " is missing");
    }
  }

  private static List<String> with(String word, List<String> lines) {
    return lines.stream().filter(line -> line.startsWith(word)).map(line -> line.substring(word.length())).toList();
  }

  Platform platform(Installed installed, Path directory) {
    try {
      return installed.reader().platform("snapshot", FdtReader.read(Files.readAllBytes(directory.resolve(TREE))), options);
    } catch (IOException | FdtException e) {
      throw new BadInput("--load '" + directory + "': " + TREE + ": " + e.getMessage());
    }
  }
}
