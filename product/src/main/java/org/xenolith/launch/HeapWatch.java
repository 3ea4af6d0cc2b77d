// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.function.IntFunction;

/**
 * Sees that the heap stays full: then nothing gets any more of it, a signal's handler neither, and the process can be ended from within only by who needs none. What it needs
 * to see that it does without if it has to.
 */
final class HeapWatch {
  /** Bytes that a thread needs at least. */
  private static final int LITTLE = 16 << 10;
  /** Looks in a row: one that finds room ends the row. */
  private static final int LOOKS = 4;

  private final IntFunction<Object> heap;
  /** What was got last, so that it is got indeed. */
  private Object got;
  private int full;

  /** That of this JVM, which collects what is garbage before it says that there is nothing. */
  HeapWatch() {
    this(byte[]::new);
  }

  /** A heap. @param heap gives so many bytes, or throws {@link OutOfMemoryError} */
  HeapWatch(IntFunction<Object> heap) {
    this.heap = heap;
  }

  /** Looks once. Returns whether the heap was full each of the last times. */
  boolean full() {
    try {
      got = heap.apply(LITTLE);
      full = 0;
    } catch (OutOfMemoryError none) {
      full++;
    } finally {
      got = null;
    }
    return full >= LOOKS;
  }
}
