// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import org.xenolith.fdt.FdtException;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/** What a CPU node of the tree says of any CPU. */
public final class CpuNode {
  private CpuNode() {}

  /** The node's {@code enable-method} (Devicetree Specification 0.4, 3.8.1), or an empty string. */
  public static String enableMethod(PlatformNode node) {
    try {
      return node.property("enable-method").map(p -> p.strings().getFirst()).orElse("");
    } catch (FdtException e) {
      // What can't be understood is the user's to mend.
      throw new ModelException(node.path() + ": " + e.getMessage());
    }
  }

  /** Whether a node describes a CPU. */
  public static boolean is(PlatformNode node) {
    return node.property("device_type").map(p -> p.string().equals("cpu")).orElse(false);
  }
}
