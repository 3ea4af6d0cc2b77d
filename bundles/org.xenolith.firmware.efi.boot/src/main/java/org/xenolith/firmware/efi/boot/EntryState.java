// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;

/** What firmware was entered with: where its program is, the device tree, and the counter, which each trap tells anew. */
final class EntryState {
  private static final int MOST_TREE = 2 << 20;
  private static final int TREE_SIZE_AT = 4;

  /** Where the program is; 0 while nobody has entered it. */
  private long program;
  private long treeAddress;
  private long counter;
  private long frequency;
  /** Read from memory when it is asked for. */
  private Fdt tree;

  void clear() {
    enter(0, 0, 0, 0);
  }

  void save(LongWriter out) {
    out.put(program).put(treeAddress).put(counter).put(frequency);
  }

  void restore(LongReader in) {
    enter(in.get(), in.get(), in.get(), in.get());
  }

  void enter(long at, long device, long now, long perSecond) {
    program = at;
    treeAddress = device;
    counter = now;
    frequency = perSecond;
    tree = null;
  }

  void time(long now) {
    counter = now;
  }

  long program() {
    return program;
  }

  long treeAddress() {
    return treeAddress;
  }

  long counter() {
    return counter;
  }

  long frequency() {
    return frequency;
  }

  /** Bytes that the tree says it has; 1 at least. */
  long treeSize(EfiRam memory) {
    int size = size(memory);
    return size == 0 ? 1 : size;
  }

  private int size(EfiRam memory) {
    return Integer.reverseBytes((int) memory.get32(treeAddress + TREE_SIZE_AT));
  }

  /** The tree. @throws EfiError INVALID_PARAMETER if it isn't one; says where */
  Fdt tree(EfiRam memory) {
    if (tree == null) {
      int size = size(memory);
      if (size < 0 || size > MOST_TREE) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(treeAddress) + ": no device tree, or one of " + size
            + " bytes; at most " + MOST_TREE);
      }
      try {
        tree = FdtReader.read(memory.read(treeAddress, size));
      } catch (FdtException e) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(treeAddress) + ": no device tree: " + e.getMessage());
      }
    }
    return tree;
  }
}
