// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.function.Supplier;

/** What makes changes of non-volatile variables durable. */
interface Keeper {
  /** Whether nothing can ever be written. */
  boolean isReadOnly();

  /** Bytes that all non-volatile variables together may take, in the log's measure; -1 if that isn't the keeper's to say. */
  long capacity();

  /**
   * Keeps a change.
   *
   * @param after what there is with it
   * @throws IOException if it can't be kept; then it hasn't happened
   */
  void keep(LogRecord change, Supplier<LogContents> after) throws IOException;
}
