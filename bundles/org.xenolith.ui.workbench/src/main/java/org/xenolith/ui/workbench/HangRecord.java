// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.Hang;
import org.xenolith.ui.workbench.EventTrail.Entry;

/**
 * What can be kept of a machine while a model doesn't come back. Of the machine itself nothing can: it is in the middle of a call.
 *
 * @param hang    who doesn't come back
 * @param events  latest first
 * @param console what the guest said last
 */
record HangRecord(Hang hang, List<Entry> events, byte[] console) {
  /** Writes it into a new folder, and returns what became of that, for a person. */
  String write(Path folder) {
    try {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve("hang.txt"), text(hang), StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("events.txt"), events.reversed().stream()
          .map(e -> e.seconds() + " " + e.kind() + " " + e.place() + ": " + e.text() + "\n").collect(Collectors.joining()),
          StandardCharsets.UTF_8);
      Files.write(folder.resolve("console.txt"), console);
      return "Who hangs, the events and the end of the console are in " + folder + ".";
    } catch (IOException e) {
      return BadInput.of("folder", folder, e).getMessage();
    }
  }

  /** Who doesn't come back, what the machine was doing, and where that stands. */
  static String text(Hang hang) {
    return hang + ", " + hang.doing() + hang.stack().stream().map(frame -> "\n    at " + frame).collect(Collectors.joining()) + "\n";
  }
}
