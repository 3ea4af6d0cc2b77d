// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.ninep;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** PendingRequests that were asked and aren't answered, each with the chain that the answer goes into. */
final class PendingRequests {
  /** As many as the queue has entries. */
  static final int MOST = 128;

  /** Never the same twice, also after a reset of the machine: an answer to what was asked before must find nobody. */
  private final LongCell last;
  /** 0 where there is none. */
  private final long[] id;
  private final int[] head;
  /** The driver's name for it. */
  private final int[] tag;

  PendingRequests(DeviceState state) {
    last = state.cell("request-last", 0);
    id = state.longs("request-id", MOST);
    head = state.ints("request-head", MOST);
    tag = state.ints("request-tag", MOST);
  }

  /** Whether another one can be asked. */
  boolean hasRoom() {
    return find(0) >= 0;
  }

  /** Adds one; there must be room. @return its id */
  long add(int newHead, int newTag) {
    int at = find(0);
    head[at] = newHead;
    tag[at] = newTag;
    id[at] = ++last.value;
    return id[at];
  }

  /** Where one is; negative if nobody waits for it. */
  int find(long wanted) {
    for (int i = 0; i < MOST; i++) {
      if (id[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Head of the chain of one. */
  int head(int at) {
    return head[at];
  }

  /** The driver's name for one. */
  int tag(int at) {
    return tag[at];
  }

  /** It is answered. */
  void drop(int at) {
    id[at] = 0;
    head[at] = 0;
    tag[at] = 0;
  }

  /** Nobody waits for any. */
  void clear() {
    for (int i = 0; i < MOST; i++) {
      drop(i);
    }
  }

  /** Those that are waited for. */
  long[] pending() {
    long[] ids = new long[MOST];
    int count = 0;
    for (long each : id) {
      if (each != 0) {
        ids[count++] = each;
      }
    }
    return Arrays.copyOf(ids, count);
  }
}
