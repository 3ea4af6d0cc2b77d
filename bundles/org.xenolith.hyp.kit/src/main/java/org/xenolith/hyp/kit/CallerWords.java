// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiBytes;

/** Elements of lists of words in a caller's memory (public header {@code xen.h}: xen_ulong_t, xen_pfn_t), each of {@link Hypercall#wordSize} bytes. */
public final class CallerWords {
  private static final int NARROW = 4;

  private final byte[] bytes = new byte[8];
  private final AbiBytes word = new AbiBytes(bytes);

  /** Reads an element of a list, to be had by {@link #value}. @return false if it can't be read */
  public boolean read(Hypercall call, long list, long index) {
    int size = call.wordSize();
    word.write64(0, 0);
    return call.read(list + size * index, bytes, 0, size);
  }

  /** The element that was read last, with zeros above it. */
  public long value() {
    return word.read64(0);
  }

  /** Writes an element of a list: what a narrow word has no room for is lost. @return false if it can't be written */
  public boolean write(Hypercall call, long list, long index, long value) {
    int size = call.wordSize();
    word.write64(0, value);
    return call.write(list + size * index, bytes, 0, size);
  }

  /** Whether a caller's structures have their narrow layouts. */
  static boolean narrow(Hypercall call) {
    return call.wordSize() == NARROW;
  }
}
