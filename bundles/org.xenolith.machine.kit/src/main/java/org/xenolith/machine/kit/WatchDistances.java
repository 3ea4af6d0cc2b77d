// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

/**
 * For generated code: of each byte of a page that has watchpoints, how many bytes it is to the next one that is watched. An access that has fewer bytes than that touches none of them, and
 * needn't leave code. Pages that are watched alike have one map, a byte for each of theirs, in the host's memory outside the heap.
 */
public final class WatchDistances {
  /** Maps that there are at most; an access to a page that gets none leaves code, as one that is watched does. */
  static final int MAPS = 32;
  /** Bytes of all maps. */
  public static final int SIZE = MAPS << Ram.PAGE_SHIFT;
  /** The largest distance that a map has: more than any access of generated code has bytes. */
  private static final int FAR = 128;
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** Of a page that has no watchpoints by addresses of that space. */
  private static final long NOWHERE = -1;

  private final long place;
  private final long[] virtual = new long[MAPS];
  private final long[] physical = new long[MAPS];
  private int count;

  /** @param place the address of {@link #SIZE} bytes, whose owner outlives this */
  public WatchDistances(long place) {
    this.place = place;
  }

  /** Watchpoints are others from now on. Who has the address of a map forgets it. */
  public void clear() {
    count = 0;
  }

  /**
   * The address of a page's map.
   *
   * @param address of the page, as code has it
   * @param frame   its physical address
   * @return 0 if there are no more
   */
  public long map(DebugPoints points, long address, long frame) {
    long page = points.watchesVirtual(address) ? address : NOWHERE;
    long under = points.watchesPhysical(frame) ? frame : NOWHERE;
    for (int i = 0; i < count; i++) {
      if (virtual[i] == page && physical[i] == under) {
        return at(i);
      }
    }
    if (count == MAPS) {
      return 0;
    }
    virtual[count] = page;
    physical[count] = under;
    fill(points, at(count), address, frame);
    return at(count++);
  }

  private long at(int map) {
    return place + ((long) map << Ram.PAGE_SHIFT);
  }

  private static void fill(DebugPoints points, long map, long address, long frame) {
    int distance = FAR;
    for (int i = PAGE - 1; i >= 0; i--) {
      distance = points.watched(address + i, frame + i) ? 0 : Math.min(distance + 1, FAR);
      HostMemory.write8(null, map + i, distance);
    }
  }
}
