// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Requests of a transport that were asked and aren't answered, each with where its answer goes: the head of a chain, the number of a ring. */
public final class PendingRequests {
  /** As many as there can be: the entries of virtio's queue. */
  public static final int MOST = 128;

  /** Bytes of a message that refuses. */
  private static final int REFUSAL = Message.HEADER + 4;

  /** Never the same twice, also after a reset of the machine: an answer to what was asked before must find nobody. */
  private final LongCell last;
  /** 0 where there is none. */
  private final long[] id;
  private final int[] head;
  /** The driver's name for it. */
  private final int[] tag;

  /** @param state of the device; the requests are part of it */
  public PendingRequests(DeviceState state) {
    last = state.cell("request-last", 0);
    id = state.longs("request-id", MOST);
    head = state.ints("request-head", MOST);
    tag = state.ints("request-tag", MOST);
  }

  /** Whether another one can be asked. */
  public boolean hasRoom() {
    return find(0) >= 0;
  }

  /**
   * Adds one; there must be room.
   *
   * @param newHead where its answer goes
   * @param newTag  the driver's name for it
   * @return its id
   */
  public long add(int newHead, int newTag) {
    int at = find(0);
    head[at] = newHead;
    tag[at] = newTag;
    id[at] = ++last.value;
    return id[at];
  }

  /** Where one is; negative if nobody waits for it. */
  public int find(long wanted) {
    for (int i = 0; i < MOST; i++) {
      if (id[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Where the answer to one goes. */
  public int head(int at) {
    return head[at];
  }

  /** The driver's name for one. */
  public int tag(int at) {
    return tag[at];
  }

  /** It is answered. */
  public void drop(int at) {
    id[at] = 0;
    head[at] = 0;
    tag[at] = 0;
  }

  /** Nobody waits for any. */
  public void clear() {
    for (int i = 0; i < MOST; i++) {
      drop(i);
    }
  }

  /**
   * The answer as its driver knows it: who didn't know the request, as it was asked before a snapshot, doesn't know its tag.
   *
   * @param name   the driver's, as {@link #tag} has it
   * @param offset of the answer, a whole message
   */
  public static byte[] named(int name, byte[] bytes, int offset, int length) {
    return length == REFUSAL && Message.tag(bytes, offset) == Message.NO_TAG
        ? Message.error(name, bytes[offset + Message.HEADER] & 0xFF) : Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** Those that are waited for. */
  public long[] pending() {
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
