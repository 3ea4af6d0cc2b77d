// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import org.xenolith.platform.api.PlatformException;

/** Reads a platform's file of either kind as a board. */
final class BoardReader {
  private BoardReader() {}

  /**
   * What the file says.
   *
   * @throws PlatformException if anything in it is wrong; the message names the faults
   */
  static Topology read(PlatformFile file) {
    if (file.isTree()) {
      return Topology.of(file.platformName(), file.tree());
    }
    Findings findings = new Findings();
    Topology topology = TopologyReader.read(file, findings).orElse(null);
    findings.throwErrors(file.file().toString());
    return topology;
  }
}
