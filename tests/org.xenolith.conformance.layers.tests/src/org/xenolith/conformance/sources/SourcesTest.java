// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** Every source names its licence in its first line (the formatter puts an empty one before it where there is no package), a script in its second. */
class SourcesTest {

  @Test
  void everySourceNamesItsLicence() throws IOException {
    assertEquals("", String.join("\n", SourceFiles.withoutLicence(Checkout.root())));
  }

  @Test
  void aSourceWithoutItIsFound() throws IOException {
    assertFalse(SourceFiles.licence("/A.java", "package a;\n"));
    assertFalse(SourceFiles.licence("/A.java", "package a;\n// SPDX-License-Identifier: EPL-2.0\n"));
    assertFalse(SourceFiles.licence("/a.sh", "set -e\n"));
    assertFalse(SourceFiles.licence("/run", "#!/bin/sh\nset -e\n"));
    assertTrue(SourceFiles.licence("/run", "#!/bin/sh\n# SPDX-License-Identifier: EPL-2.0\n"));
    assertTrue(SourceFiles.licence("/notes.txt", "anything"));
    assertTrue(SourceFiles.all(Checkout.root()).size() > 1000, "the checkout was not looked at");
  }
}
