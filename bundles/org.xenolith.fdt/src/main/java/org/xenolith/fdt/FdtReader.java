// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a devicetree blob of version 16 or 17 (Devicetree Specification 0.4, chapter 5).
 *
 * <p>Strict: whatever the specification forbids and a guest could take in two ways is refused with an
 * {@link FdtException}. Memory and time are linear in the blob's size, whatever its bytes are.
 */
public final class FdtReader {
  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROP = 3;
  private static final int NOP = 4;
  private static final int END = 9;
  private static final String DAMAGED = "the blob is damaged; make it anew";

  private final byte[] blob;
  private final FdtHeader header;
  private final int structEnd;
  private final Map<Integer, String> propertyNames = new HashMap<>();
  private final Deque<OpenNode> open = new ArrayDeque<>();
  private int at;

  /** A node whose end hasn't been seen yet. */
  private record OpenNode(int offset, String name, List<FdtProperty> properties, List<FdtNode> children) {}

  private FdtReader(byte[] blob) {
    this.blob = blob;
    header = FdtHeader.of(blob);
    structEnd = header.structOffset() + header.structSize();
    at = header.structOffset();
  }

  /**
   * @param blob a DTB; bytes after the size that its header gives are passed over
   * @throws FdtException if it isn't a sound devicetree
   */
  public static Fdt read(byte[] blob) {
    FdtReader reader = new FdtReader(blob);
    List<FdtReservation> reservations = reader.reservations();
    return new Fdt(reader.header.bootCpuid(), reservations, reader.tree());
  }

  private List<FdtReservation> reservations() {
    List<FdtReservation> list = new ArrayList<>();
    for (int entry = header.reservationsOffset();; entry += 16) {
      if (entry > header.reservationsLimit() - 16) {
        throw new FdtException(entry, "the memory reservation block has no end", DAMAGED);
      }
      long address = doubleWord(entry);
      long size = doubleWord(entry + 8);
      if (address == 0 && size == 0) {
        return list;
      }
      list.add(new FdtReservation(address, size));
    }
  }

  private FdtNode tree() {
    FdtNode root = null;
    while (true) {
      int tokenAt = at;
      int token = token();
      switch (token) {
        case BEGIN_NODE -> begin(tokenAt, root);
        case END_NODE -> {
          FdtNode closed = close(tokenAt);
          if (open.isEmpty()) {
            root = closed;
          } else {
            open.peek().children().add(closed);
          }
        }
        case PROP -> property(tokenAt);
        case NOP -> {
        }
        case END -> {
          if (root == null || !open.isEmpty()) {
            throw new FdtException(tokenAt, path() + ": the structure block ends inside a node", DAMAGED);
          }
          if (at != structEnd && header.version() >= FdtHeader.VERSION) {
            throw new FdtException(tokenAt, (structEnd - at) + " bytes follow the end of the tree", DAMAGED);
          }
          return root;
        }
        default -> throw new FdtException(tokenAt, path() + ": 0x" + Integer.toHexString(token)
            + " is no token", DAMAGED);
      }
    }
  }

  private void begin(int tokenAt, FdtNode root) {
    if (root != null) {
      throw new FdtException(tokenAt, "there is a second root node", DAMAGED);
    }
    if (open.size() == FdtNode.MAX_DEPTH) {
      throw new FdtException(tokenAt, path() + ": the tree is more than " + FdtNode.MAX_DEPTH + " nodes deep",
          "flatten it");
    }
    String name = text(at, structEnd, "node name");
    at = aligned(at + name.length() + 1);
    if (open.isEmpty() != name.isEmpty()) {
      throw new FdtException(tokenAt, open.isEmpty() ? "the root node is named '" + name + "'"
          : path() + ": a child node has no name", DAMAGED);
    }
    open.push(new OpenNode(tokenAt, name, new ArrayList<>(), new ArrayList<>()));
  }

  private FdtNode close(int tokenAt) {
    if (open.isEmpty()) {
      throw new FdtException(tokenAt, "a node ends that didn't begin", DAMAGED);
    }
    OpenNode node = open.peek();
    try {
      FdtNode closed = new FdtNode(node.name(), node.properties(), node.children());
      open.pop();
      return closed;
    } catch (FdtException e) {
      throw e.at(node.offset(), path());
    }
  }

  private void property(int tokenAt) {
    if (open.isEmpty()) {
      throw new FdtException(tokenAt, "a property stands outside any node", DAMAGED);
    }
    if (!open.peek().children().isEmpty()) {
      throw new FdtException(tokenAt, path() + ": a property follows a child node", "convert it with dtc");
    }
    int length = token();
    int nameOffset = token();
    if (length < 0 || length > structEnd - at) {
      throw new FdtException(tokenAt, path() + ": a property of " + Integer.toUnsignedString(length)
          + " bytes reaches beyond the structure block", DAMAGED);
    }
    String name = propertyName(tokenAt, nameOffset);
    open.peek().properties().add(FdtProperty.owning(name, Arrays.copyOfRange(blob, at, at + length)));
    at = aligned(at + length);
  }

  private String propertyName(int tokenAt, int offset) {
    if (offset < 0 || offset >= header.stringsSize()) {
      throw new FdtException(tokenAt, path() + ": a property's name lies outside the strings block", DAMAGED);
    }
    String known = propertyNames.get(offset);
    if (known != null) {
      return known;
    }
    int from = header.stringsOffset();
    String name = text(from + offset, from + header.stringsSize(), "property name");
    try {
      FdtNames.checked("property", name);
    } catch (FdtException e) {
      throw e.at(from + offset, path());
    }
    propertyNames.put(offset, name);
    return name;
  }

  private String text(int from, int limit, String what) {
    int end = from;
    while (end < limit && blob[end] != 0) {
      if (end - from == FdtNames.MAX_LENGTH) {
        throw new FdtException(from, path() + ": a " + what + " is longer than " + FdtNames.MAX_LENGTH
            + " bytes", "shorten it");
      }
      end++;
    }
    if (end >= limit) {
      throw new FdtException(from, path() + ": a " + what + " has no end", DAMAGED);
    }
    return new String(blob, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private int token() {
    if (at > structEnd - 4) {
      throw new FdtException(at, path() + ": the structure block ends without its end token", DAMAGED);
    }
    int word = FdtHeader.word(blob, at);
    at += 4;
    return word;
  }

  private int aligned(int offset) {
    return offset + 3 & ~3;
  }

  private long doubleWord(int offset) {
    return (long) FdtHeader.word(blob, offset) << 32 | FdtHeader.word(blob, offset + 4) & 0xffff_ffffL;
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    open.descendingIterator().forEachRemaining(n -> path.append(n.name()).append('/'));
    return path.length() <= 1 ? "/" : path.substring(0, path.length() - 1);
  }
}
