// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The value of a property while source is read: bytes, and references that become phandles or paths when all nodes are known. */
final class DtsValue {
  /** Bytes, or a reference. */
  private record Piece(byte[] bytes, String reference, boolean path, String place) {}

  private final List<Piece> pieces = new ArrayList<>();

  static DtsValue of(byte[] bytes) {
    DtsValue value = new DtsValue();
    value.add(bytes);
    return value;
  }

  void add(byte[] bytes) {
    pieces.add(new Piece(bytes, null, false, null));
  }

  /** Appends a number of 1, 2, 4 or 8 bytes, big-endian. */
  void addNumber(long number, int bytes) {
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (number >>> 8 * (bytes - 1 - i));
    }
    add(value);
  }

  /** Appends what {@code reference}, a label or a path, leads to: its phandle, a cell. */
  void addPhandle(String reference, String place) {
    pieces.add(new Piece(null, reference, false, place));
  }

  /** Appends the path of what {@code reference} leads to, a string. */
  void addPath(String reference, String place) {
    pieces.add(new Piece(null, reference, true, place));
  }

  /** Whether it has references, and so is not known until all nodes are. */
  boolean refers() {
    return pieces.stream().anyMatch(piece -> piece.reference != null);
  }

  /** Names what gets a phandle: reference and place. */
  void phandles(DtsReferences references, Consumer<DtsNode> wanted) {
    for (Piece piece : pieces) {
      if (piece.reference != null) {
        DtsNode node = references.node(piece.reference, piece.place);
        node.referred = true;
        if (!piece.path) {
          wanted.accept(node);
        }
      }
    }
  }

  byte[] bytes(DtsReferences references) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Piece piece : pieces) {
      if (piece.bytes != null) {
        all.writeBytes(piece.bytes);
        continue;
      }
      DtsNode node = references.node(piece.reference, piece.place);
      if (piece.path) {
        all.writeBytes((node.path() + '\0').getBytes(StandardCharsets.ISO_8859_1));
      } else {
        all.writeBytes(node.properties.get("phandle").bytes(references));
      }
    }
    return all.toByteArray();
  }
}
