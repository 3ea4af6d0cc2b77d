// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AmlNameEqualityTest {
  @Test
  void namesAreEqualIfTheyAreSpeltAlike() {
    List<String> texts = List.of("\\_SB.PCI0", "_SB.PCI0", "^_SB.PCI0", "^^_SB.PCI0", "\\_SB.PCI1", "\\PCI0._SB", "\\_SB", "\\", "");
    Set<AmlName> all = new HashSet<>();
    for (String one : texts) {
      for (String other : texts) {
        assertEquals(one.equals(other), AmlName.of(one).equals(AmlName.of(other)), one + " " + other);
      }
      all.add(AmlName.of(one));
      all.add(AmlName.of(one));
    }
    assertEquals(texts.size(), all.size());
    assertEquals(AmlName.of("\\_SB").hashCode(), AmlName.of("\\_SB_").hashCode());
  }
}
