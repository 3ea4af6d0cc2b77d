// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The page of bundles says what their READMEs and the layers say. */
class BundlesPageTest {

  @Test
  void theFirstSentenceThatIsNoSourceCounts() {
    assertEquals("It counts", BundlesPage.says("x", "# X\n\nManual: DDI 0183.\n\nIt\ncounts. Not\n"));
    assertEquals("Numbers, version 1.2, of things", BundlesPage.says("x", "# X\n\nNumbers, version 1.2, of things:\n\n- a\n"));
    assertEquals("What [others](../../bundles/b/README.md), [its file](../../bundles/x/model/f) and the [guide](../../docs/g.md#one) are",
        BundlesPage.says("x",
            "# X\n\nWhat [others](../b/README.md), [its file](model/f) and the [guide](../../docs/g.md#one) are.\n"));
    assertThrows(IllegalArgumentException.class, () -> BundlesPage.says("x", "# X\n\n| a | b |\n"));
  }
}
