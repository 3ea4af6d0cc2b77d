// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;

/**
 * A device tree in a unified kernel image.
 *
 * @param blob       the tree
 * @param compatible what the board is compatible with, the most special first; empty if the blob is damaged
 * @param automatic  whether it is one of those of which the stub takes the one that is compatible with what the firmware says of the board ({@code .dtbauto})
 */
public record UnifiedTree(byte[] blob, List<String> compatible, boolean automatic) {
  static List<UnifiedTree> of(UnifiedProfile profile) {
    List<UnifiedTree> all = new ArrayList<>();
    profile.content(".dtb").ifPresent(blob -> all.add(new UnifiedTree(blob, compatible(blob), false)));
    profile.contents(".dtbauto").forEach(blob -> all.add(new UnifiedTree(blob, compatible(blob), true)));
    return all;
  }

  /** A damaged one hinders only who makes a board of it, and who does is told. */
  private static List<String> compatible(byte[] blob) {
    try {
      return FdtReader.read(blob).root().property("compatible").map(FdtProperty::strings).orElse(List.of());
    } catch (FdtException e) {
      return List.of();
    }
  }

  /** What people call it: the first that it is compatible with. */
  public String name() {
    return compatible.isEmpty() ? "a board without a name" : compatible.getFirst();
  }
}
