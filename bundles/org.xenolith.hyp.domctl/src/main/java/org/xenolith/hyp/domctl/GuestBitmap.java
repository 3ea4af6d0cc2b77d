// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.BitSet;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlBitmap;

/** A set of CPUs or nodes in the caller's memory. */
final class GuestBitmap {
  private final ControlBitmap view = new ControlBitmap();

  /** Whether the descriptor at an address names no memory. */
  boolean missing(AbiStruct around, int at) {
    view.at(around, at);
    return view.bitmap() == 0;
  }

  /**
   * Reads a set.
   *
   * @param size members are below this
   * @return null if the caller's memory can't be read
   */
  BitSet read(Hypercall call, AbiStruct around, int at, int size) {
    view.at(around, at);
    int given = (int) Math.min((view.nrBits() & 0xFFFF_FFFFL) + 7 >>> 3, size + 7 >>> 3);
    byte[] bytes = new byte[given];
    if (given > 0 && !call.read(view.bitmap(), bytes, 0, given)) {
      return null;
    }
    BitSet set = BitSet.valueOf(bytes);
    long bits = Math.min(view.nrBits() & 0xFFFF_FFFFL, size);
    set.clear((int) bits, Math.max((int) bits, set.length()));
    return set;
  }

  /**
   * Writes a set; bytes that the caller has room for beyond it become zero.
   *
   * @return false if the caller's memory can't be written
   */
  boolean write(Hypercall call, AbiStruct around, int at, BitSet set) {
    view.at(around, at);
    long room = (view.nrBits() & 0xFFFF_FFFFL) + 7 >>> 3;
    byte[] bytes = set.toByteArray();
    byte[] chunk = new byte[(int) Math.min(room, 256)];
    for (long done = 0; done < room; done += chunk.length) {
      int length = (int) Math.min(chunk.length, room - done);
      for (int i = 0; i < length; i++) {
        chunk[i] = done + i < bytes.length ? bytes[(int) done + i] : 0;
      }
      if (!call.write(view.bitmap() + done, chunk, 0, length)) {
        return false;
      }
    }
    return true;
  }
}
