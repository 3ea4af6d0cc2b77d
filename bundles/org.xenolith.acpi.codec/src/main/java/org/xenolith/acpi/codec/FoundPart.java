// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.List;

/**
 * A part of a structure that was read.
 *
 * @param part       its declaration; null: bytes that no declaration has
 * @param offset     in bytes from the start of the table
 * @param length     in bytes
 * @param structures those in it; none in bytes
 */
public record FoundPart(TablePart part, int offset, int length, List<Structure> structures) {
  /** Takes the structures over. */
  public FoundPart {
    structures = List.copyOf(structures);
  }
}
