// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** What one domain maps of others' pages, by handle. A handle that was given back is given out again first. */
final class Maptrack {
  /** Most handles, as Xen has them with 1,024 frames of 256. */
  static final int MOST = 1024 * 256;
  private static final int FIRST = 64;
  private static final int END = -1;
  /** In {@link #state}: the handle is in use, for writing unless the next bit is set. */
  private static final byte USED = 1;
  private static final byte READ_ONLY = 2;

  private int[] granter = {};
  private int[] ref = {};
  private long[] gfn = {};
  private byte[] state = {};
  /** Of a handle that is free, the next free one. */
  private int[] next = {};
  private int free = END;
  private int used;

  /** Takes a handle; -1 if all are taken. */
  int take(int granterSerial, int reference, long guestFrame, boolean readOnly) {
    if (free == END && !grow()) {
      return -1;
    }
    int handle = free;
    free = next[handle];
    granter[handle] = granterSerial;
    ref[handle] = reference;
    gfn[handle] = guestFrame;
    state[handle] = readOnly ? USED | READ_ONLY : USED;
    used++;
    return handle;
  }

  /** Whether a handle can be taken. */
  boolean room() {
    return used < MOST;
  }

  private boolean grow() {
    int before = state.length;
    if (before >= MOST) {
      return false;
    }
    resize(Math.min(MOST, Math.max(FIRST, 2 * before)));
    chain(before);
    return true;
  }

  private void resize(int length) {
    granter = Arrays.copyOf(granter, length);
    ref = Arrays.copyOf(ref, length);
    gfn = Arrays.copyOf(gfn, length);
    state = Arrays.copyOf(state, length);
    next = Arrays.copyOf(next, length);
  }

  /** Puts handles from {@code first} on before the free ones, ascending. */
  private void chain(int first) {
    for (int handle = state.length - 1; handle >= first; handle--) {
      next[handle] = free;
      free = handle;
    }
  }

  boolean valid(int handle) {
    return handle >= 0 && handle < state.length && state[handle] != 0;
  }

  int granter(int handle) {
    return granter[handle];
  }

  int ref(int handle) {
    return ref[handle];
  }

  long gfn(int handle) {
    return gfn[handle];
  }

  boolean readOnly(int handle) {
    return (state[handle] & READ_ONLY) != 0;
  }

  /** Gives a handle back. */
  void release(int handle) {
    state[handle] = 0;
    next[handle] = free;
    free = handle;
    used--;
  }

  int used() {
    return used;
  }

  /** One more than the highest handle there ever was. */
  int length() {
    return state.length;
  }

  void save(DataOutputStream out) throws IOException {
    out.writeInt(state.length);
    out.writeInt(free);
    for (int handle = 0; handle < state.length; handle++) {
      out.writeByte(state[handle]);
      if (state[handle] != 0) {
        out.writeInt(granter[handle]);
        out.writeInt(ref[handle]);
        out.writeLong(gfn[handle]);
      } else {
        out.writeInt(next[handle]);
      }
    }
  }

  void restore(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException(length + " handles");
    }
    resize(length);
    free = in.readInt();
    used = 0;
    boolean sound = free >= END && free < length;
    for (int handle = 0; handle < length; handle++) {
      state[handle] = in.readByte();
      if (state[handle] != 0) {
        granter[handle] = in.readInt();
        ref[handle] = in.readInt();
        gfn[handle] = in.readLong();
        used++;
      } else {
        next[handle] = in.readInt();
        sound &= next[handle] >= END && next[handle] < length;
      }
    }
    if (!sound) {
      throw new IOException("free handles beyond " + length);
    }
  }
}
