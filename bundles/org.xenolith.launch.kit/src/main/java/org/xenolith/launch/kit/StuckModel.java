// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

/** A model didn't come back while no guest ran, and was left in its call with the machine. The message says which, since when, and in what. */
public final class StuckModel extends RuntimeException {
  private static final long serialVersionUID = 1;

  StuckModel(String hang) {
    super(hang + ": the machine was given up");
  }
}
