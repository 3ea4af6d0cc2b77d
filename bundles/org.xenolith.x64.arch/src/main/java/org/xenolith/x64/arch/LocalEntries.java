// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * Which of a CPU's derived entries are those of pages that aren't global: they go with the address space, while the kernel's, which are most that are needed behind a move to CR3, stay. To
 * derive those again would cost more than all else of the move.
 */
final class LocalEntries {
  /** More than a process touches before the next one comes. */
  private static final int MOST = 1024;

  private final Core cpu;
  private final short[] indices = new short[MOST];
  /** More than {@link #MOST} if not all are known. */
  private int count;

  LocalEntries(Core cpu) {
    this.cpu = cpu;
  }

  /** An entry is derived from a page that isn't global. */
  void add(int index) {
    if (count < MOST) {
      indices[count++] = (short) index;
    } else {
      count = MOST + 1;
    }
  }

  /** Drops them. */
  void drop() {
    if (count > MOST) {
      for (int i = 0; i < Tlb.SIZE; i++) {
        drop(i);
      }
    } else {
      for (int i = 0; i < count; i++) {
        drop(indices[i]);
      }
    }
    count = 0;
  }

  private void drop(int index) {
    cpu.data[index].clear();
    cpu.code[index].clear();
  }

  /** All derived entries were dropped. */
  void dropped() {
    count = 0;
  }
}
