// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.reference.LiveChange.TestName;

/** Every provider bundle says what changing it under a guest means and which tests show it. */
class LiveChangePageTest {

  @Test
  void everyProviderSaysWhatAddingReplacingAndRemovingItMeans() throws IOException {
    assertEquals("", String.join("\n", LiveChangePage.of(Checkout.root()).problems()));
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    assertEquals("", String.join("\n", LiveChangePage.of(Checkout.root()).missingTests()));
  }

  @Test
  void rowsAreReadFromTheirSection() {
    LiveChange change = LiveChange.of("""
                # X
                | add | not this one | `A.b` |
                ## Live change
                | add | comes | `XTest.comes` |
                | replace | goes on | `XTest.goesOn`, `YTest.too` |
                | remove | is gone | `XTest.isGone` |
                """);
    assertEquals("comes", change.rows().get("add").meaning());
    assertEquals(new TestName("YTest", "too"), change.rows().get("replace").tests().get(1));
  }

  @Test
  void rowWithoutATestIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> LiveChange.of("""
                ## Live change
                | add | comes | `XTest.comes` |
                | replace | goes on | trust me |
                | remove | is gone | `XTest.isGone` |
                """));
    assertThrows(IllegalArgumentException.class, () -> LiveChange.of("# X\n"));
  }
}
