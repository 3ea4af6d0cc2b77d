// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.xenolith.hyp.api.FrameHeap;

/**
 * Takes most of the free frames away, so that the frames of a guest lie apart: before and behind each is one of the
 * hypervisor's, whose bytes {@link Isolation} compares. Who writes beyond a page's end is seen.
 */
final class Canaries {
  /** Runs of neighbours for what has to be side by side, such as the root of a stage 2; and their length. */
  private static final int RUNS = 2;
  private static final int RUN = 2;
  /** Frames apart: more than a guest can get, with its tables. */
  private static final int SINGLES = 400;

  private Canaries() {}

  /** @return the frames that were taken */
  static Set<Long> plant(World world) {
    FrameHeap frames = world.frames;
    Deque<Long> all = new ArrayDeque<>();
    for (long mfn = frames.allocate(FrameHeap.HYPERVISOR, 1, 1); mfn >= 0; mfn = frames.allocate(FrameHeap.HYPERVISOR, 1, 1)) {
      all.add(mfn);
    }
    Set<Long> taken = new HashSet<>(all);
    byte[] song = new byte[4096];
    Arrays.fill(song, (byte) 0xC5);
    taken.forEach(mfn -> world.memory.write(mfn << 12, song, 0, song.length));
    for (int i = 0; i < SINGLES; i++) {
      all.remove();
      free(frames, all.remove(), taken);
    }
    for (int i = 0; i < RUNS; i++) {
      while (all.remove() % RUN != 0) {
        // The next one down.
      }
      for (int j = 0; j < RUN; j++) {
        free(frames, all.remove(), taken);
      }
    }
    return taken;
  }

  private static void free(FrameHeap frames, long mfn, Set<Long> taken) {
    frames.free(FrameHeap.HYPERVISOR, mfn);
    taken.remove(mfn);
  }
}
