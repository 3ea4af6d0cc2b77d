// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.xenolith.platform.api.PlatformNode;

/**
 * A PCI host bridge.
 *
 * @param node          what it is
 * @param kind          who knows its configuration space
 * @param path          in the namespace, from the root: {@code \_SB.PCI0}
 * @param segment       PCI segment, a number of its own
 * @param configuration where its configuration space is
 */
public record AcpiBridge(PlatformNode node, AcpiBridgeKind kind, String path, int segment, AcpiBridgeKind.Configuration configuration) {
  /** A segment that MCFG's 16 bits hold. */
  public AcpiBridge {
    if (segment < 0 || segment > 0xFFFF) {
      throw new IllegalArgumentException("segment " + segment + ": expected 0 to 65535");
    }
  }
}
