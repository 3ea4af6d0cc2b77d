// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

/** Hears what a long-running preparation is doing, one short line of plain text at a time. */
@FunctionalInterface
public interface ProgressListener {
  /** A listener that hears nothing. */
  ProgressListener SILENT = line -> {};

  /**
   * Reports one step.
   *
   * @param line one line without a line break
   */
  void progress(String line);
}
