// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.DebugPoints;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.WatchDistances;

/**
 * The derived halves of the TLBs, which engines' inline paths compare with ({@link Cpu#data}, {@link Cpu#code}), as a whole, and the copies of
 * them that generated code has.
 */
final class DerivedEntries {
  private final TlbEntry[] data;
  private final CodeEntry[] code;
  /** Whose memory the copies are in; null if there are none. */
  private @Nullable Object copies;
  /** Where the copies of the contexts are; 0 if there are none. */
  private long contexts;
  /** Of pages that are watched; null if no generated code asks. */
  private @Nullable WatchDistances distances;
  /** Whether tags may lead to the memory of windows. */
  private boolean windows;

  DerivedEntries(TlbEntry[] data, CodeEntry[] code) {
    this.data = data;
    this.code = code;
    for (int i = 0; i < Tlb.SIZE; i++) {
      data[i] = new TlbEntry();
      code[i] = new CodeEntry();
    }
  }

  /** All are void. */
  void forget() {
    if (distances != null) {
      distances.clear();
    }
    clearTags();
    for (TlbEntry entry : data) {
      entry.frame = -1;
    }
    for (CodeEntry entry : code) {
      entry.frame = -1;
      entry.code = null;
    }
  }

  /** None has a tag; what they lead to stays. */
  void clearTags() {
    for (TlbEntry entry : data) {
      entry.clearTags();
    }
    for (CodeEntry entry : code) {
      entry.tag(0);
    }
  }

  /** None has an engine's code. */
  void forgetCode() {
    for (CodeEntry entry : code) {
      entry.code = null;
    }
  }

  /** An entry for data is void. */
  void drop(int i) {
    TlbEntry entry = data[i];
    entry.clearTags();
    entry.frame = -1;
  }

  /** A tag leads to the memory of a window from now on. */
  void windowRead() {
    windows = true;
  }

  /** No tag leads to a window any more. */
  void dropWindows() {
    if (windows) {
      windows = false;
      for (TlbEntry entry : data) {
        if (entry.ram == null) {
          entry.read(0);
        }
      }
    }
  }

  /** See {@link Mmu#copyTo}. */
  void copyTo(Object owner, long contextsAt, long dataAt, long codeAt, int step) {
    copies = owner;
    contexts = contextsAt;
    for (int i = 0; i < Tlb.SIZE; i++) {
      data[i].copyTo(dataAt + (long) i * Mmu.DATA_COPY);
      code[i].copyTo(codeAt + (long) i * step);
    }
  }

  /** See {@link Mmu#copyWatches}. */
  void copyWatches(long tags, long maps) {
    distances = new WatchDistances(maps);
    for (int i = 0; i < Tlb.SIZE; i++) {
      data[i].copyWatchedTo(tags + (long) i * Mmu.DATA_COPY);
    }
  }

  /** A store has no tag as its page has watched bytes: generated code may make those beside them. */
  void watched(TlbEntry entry, DebugPoints points, long page, long tag) {
    long map = distances.map(points, page, entry.frame);
    if (map != 0) {
      entry.watched(tag, map);
    }
  }

  /** Whether generated code asks what is watched. */
  boolean copiesWatches() {
    return distances != null;
  }

  /** The copies of the contexts, if there are any, become what a CPU has. */
  void copyContexts(Cpu cpu) {
    if (contexts != 0) {
      HostMemory.write64(null, contexts, cpu.readContext);
      HostMemory.write64(null, contexts + 8, cpu.writeContext);
      HostMemory.write64(null, contexts + 16, cpu.fetchContext);
      HostMemory.write64(null, contexts + 24, cpu.userReadContext);
      HostMemory.write64(null, contexts + 32, cpu.userWriteContext);
    }
  }

  /** There are no copies any more, if {@code owner} has them. */
  void stopCopying(Object owner) {
    if (copies == owner) {
      for (int i = 0; i < Tlb.SIZE; i++) {
        data[i].copyTo(0);
        data[i].copyWatchedTo(0);
        code[i].copyTo(0);
      }
      copies = null;
      distances = null;
      contexts = 0;
    }
  }
}
