// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.util.List;

/**
 * Code that another {@link HostCode} may have, from its first byte on: what it was when it was handed over, whatever becomes of it where it is from. Who gets it gives it to {@link HostCode#take}, once.
 *
 * @param pieces whole pages of it, which nobody writes any more
 * @param tail   bytes behind these
 */
public record HandedCode(List<Piece> pieces, byte[] tail) {
  /** A part of a file that is at the same place in the code. */
  record Piece(CodeMemory file, int from, int to) {}

  /** Bytes of whole pages. */
  int whole() {
    return pieces.isEmpty() ? 0 : pieces.getLast().to;
  }

  /** Nobody takes it. */
  void drop() {
    pieces.forEach(piece -> piece.file.drop());
  }
}
