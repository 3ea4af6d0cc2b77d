// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Firmware;

/**
 * What an operation has to write, in this order, and pages that are given back afterwards. It goes into pages of its own, as all state of a call is the guest's or the
 * core's: how many writes and how many runs of pages, then place on the volume, size and address of each write, then address and number of each run.
 */
final class WriteList {
  static final int PAGE = 4096;
  private static final int HEADER = 24;
  private static final int WRITE = 24;
  private static final int RUN = 16;

  private record Write(long place, long size, long address) {}

  private record Run(long address, long pages) {}

  private final List<Write> writes = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private boolean counted;

  /** Bytes of memory go to a place on the volume. */
  void add(long place, long size, long address) {
    if (size > 0) {
      writes.add(new Write(place, size, address));
    }
  }

  /** Bytes of a file or directory go to where its chain has them. @param first the chain's first cluster, or another one and then as if the file began there */
  void add(Table table, long first, long offset, long size, long address) {
    Volume volume = table.volume();
    long cluster = first;
    long index = 0;
    for (long done = 0; done < size;) {
      long at = offset + done;
      cluster = table.along(cluster, at / volume.cluster() - index);
      index = at / volume.cluster();
      long from = at % volume.cluster();
      long now = Math.min(size - done, table.together(cluster, from + size - done) - from);
      add(volume.place(cluster) + from, now, address + done);
      done += now;
    }
  }

  /** Pages that aren't needed any more once all is written. */
  void giveBack(long address, long bytes) {
    runs.add(new Run(address, (bytes + PAGE - 1) / PAGE));
  }

  /** Free clusters are other ones now, which FAT32 keeps in a sector of its own. */
  void counted() {
    counted = true;
  }

  /** Nothing is written; the pages are given back. */
  void drop(Firmware firmware) {
    runs.forEach(each -> firmware.freePages(each.address, each.pages));
  }

  /** So many bytes of pages, zeros, that are given back once all is written. */
  long pages(Firmware firmware, long bytes) {
    long at = firmware.pages((bytes + PAGE - 1) / PAGE);
    giveBack(at, bytes);
    return at;
  }

  /** Puts the list into pages; where it is. */
  long store(Firmware firmware) {
    EfiRam memory = firmware.memory();
    long bytes = HEADER + (long) WRITE * writes.size() + (long) RUN * runs.size();
    long at = firmware.pages((bytes + PAGE - 1) / PAGE);
    memory.put64(at, writes.size());
    memory.put64(at + 8, runs.size());
    memory.put64(at + 16, counted ? 1 : 0);
    long next = at + HEADER;
    for (Write each : writes) {
      memory.put64(next, each.place);
      memory.put64(next + 8, each.size);
      memory.put64(next + 16, each.address);
      next += WRITE;
    }
    for (Run each : runs) {
      memory.put64(next, each.address);
      memory.put64(next + 8, each.pages);
      next += RUN;
    }
    return at;
  }

  /** How many writes a list has that is in memory. */
  static long size(EfiRam memory, long at) {
    return memory.get64(at);
  }

  static boolean isCounted(EfiRam memory, long at) {
    return memory.get64(at + 16) != 0;
  }

  /** Place, size and address of a write. */
  static long[] get(EfiRam memory, long at, long index) {
    long from = at + HEADER + WRITE * index;
    return new long[] {memory.get64(from), memory.get64(from + 8), memory.get64(from + 16)};
  }

  /** Gives a list's pages back, and its own. */
  static void giveBack(Firmware firmware, long at) {
    EfiRam memory = firmware.memory();
    long writes = memory.get64(at);
    long runs = memory.get64(at + 8);
    long next = at + HEADER + WRITE * writes;
    for (long i = 0; i < runs; i++, next += RUN) {
      firmware.freePages(memory.get64(next), memory.get64(next + 8));
    }
    firmware.freePages(at, (HEADER + WRITE * writes + RUN * runs + PAGE - 1) / PAGE);
  }
}
