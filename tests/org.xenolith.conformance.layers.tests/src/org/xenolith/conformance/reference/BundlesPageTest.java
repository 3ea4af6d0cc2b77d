// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** The page of bundles says what their READMEs and the layers say. */
class BundlesPageTest {

  @Test
  void pageIsUpToDate() throws IOException {
    assertEquals(BundlesPage.text(Checkout.root()), Files.readString(Checkout.root().resolve(BundlesPage.PAGE)),
        BundlesPage.PAGE + " is stale: run releng/update-reference");
  }

  @Test
  void theFirstSentenceThatIsNoSourceCounts() {
    assertEquals("It counts", BundlesPage.says("x", "# X\n\nManual: DDI 0183.\n\nIt\ncounts. Not\n"));
    assertEquals("Numbers, version 1.2, of things", BundlesPage.says("x", "# X\n\nNumbers, version 1.2, of things:\n\n- a\n"));
    assertEquals("What [others](b/README.md), [its file](x/model/f) and the [guide](../docs/g.md#one) are", BundlesPage.says("x",
        "# X\n\nWhat [others](../b/README.md), [its file](model/f) and the [guide](../../docs/g.md#one) are.\n"));
    assertThrows(IllegalArgumentException.class, () -> BundlesPage.says("x", "# X\n\n| a | b |\n"));
  }
}
