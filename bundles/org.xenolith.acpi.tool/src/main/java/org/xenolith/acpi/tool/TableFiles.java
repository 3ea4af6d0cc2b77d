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
   * @throws BadInput if one can't be read
   */
  static TableSet read(List<Path> inputs) {
    try {
      return AcpiFiles.read(inputs);
    } catch (PlatformException e) {
      throw new BadInput(e.getMessage());
    }
  }
}
