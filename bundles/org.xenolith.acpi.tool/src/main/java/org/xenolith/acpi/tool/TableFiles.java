// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import java.nio.file.Path;
import java.util.List;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.command.api.BadInput;
import org.xenolith.firmware.kit.AcpiFiles;
import org.xenolith.platform.api.PlatformException;

/** Tables in files that a user names. */
final class TableFiles {
  private TableFiles() {}

  /**
   * The tables of files and folders.
   *
   * @param unreadable takes a line for each table that is left out because it can't be read
   * @throws BadInput if a file can't be read, or no table at all
   */
  static TableSet read(List<Path> inputs, List<String> unreadable) {
    try {
      return AcpiFiles.read(inputs, (file, e) -> unreadable.add(file + ": " + e.getMessage()));
    } catch (PlatformException e) {
      throw new BadInput(e.getMessage());
    }
  }
}
