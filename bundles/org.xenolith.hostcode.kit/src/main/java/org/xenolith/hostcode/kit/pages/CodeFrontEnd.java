// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;

/** What makes the host's code of one architecture's instructions. */
public interface CodeFrontEnd {
  /**
   * What is at the beginning of all code.
   *
   * @param enter where code is entered: {@code long enter(long state, long code)}, which gives the number of a way out
   * @param miss  what the tables of pages have where no block begins
   * @param end   behind all that
   */
  record Beginning(int enter, int miss, int end) {}

  /**
   * Emits the beginning, once.
   *
   * @param executed where the code is executed
   */
  Beginning begin(X64 code, HostFeatures features, long executed);

  /** Makes code of a page's instructions from one on, at the place that the emitter is at. */
  void translate(NativePage page, int index);
}
