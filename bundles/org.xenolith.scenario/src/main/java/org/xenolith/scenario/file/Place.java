// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import org.xenolith.command.api.BadInput;

/**
 * A place in a scenario file.
 *
 * @param file the file
 * @param line 1 and up
 */
public record Place(Path file, int line) {
  /** A complaint about this place. */
  public BadInput bad(String message) {
    return new BadInput(this + ": " + message);
  }

  @Override
  public String toString() {
    return file + ":" + line;
  }
}
