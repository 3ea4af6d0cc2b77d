// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

/** Where a folder's server brings its answers. */
@FunctionalInterface
public interface FolderAnswers {
  /**
   * A request is answered.
   *
   * @param id      that it was asked with
   * @param message a whole message of 9P2000.L
   */
  void answer(long id, byte[] message);
}
