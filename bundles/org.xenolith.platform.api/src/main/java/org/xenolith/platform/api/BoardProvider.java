// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.fdt.Fdt;

/** A board that can be made without a file; a service of the bundle that knows it. */
@ConsumerType
public interface BoardProvider {
  /** The board's name on the command line. */
  String name();

  /** One line for people. */
  String summary();

  /**
   * The board's tree.
   *
   * @throws PlatformException if a request can't be met; the message says which and what is possible
   */
  Fdt tree(BoardRequest request);

  /**
   * What the user asks of a board.
   *
   * @param cpus        number of CPUs
   * @param memoryBytes RAM in bytes
   * @param gic         version of the interrupt controller, 2 or 3; 0 for the board's own
   * @param options     further {@code name=value} requests
   */
  record BoardRequest(int cpus, long memoryBytes, int gic, List<String> options) {}
}
