// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The product, in a process of its own, as a person starts it. That what was built opens its window is looked at in each run of the tests: other tests of the default lane
 * have the bundles in a framework of Tycho's, where each has a class loader, and what is missing on the product's class path isn't missed.
 */
class WorkbenchOpensTest {
  @TempDir
  Path work;

  @Test
  void windowOpensAndSaysSo() throws Exception {
    try (WorkbenchProcess workbench = WorkbenchProcess.start(work)) {
      workbench.complainsNot();
      workbench.terminate();
      workbench.leavesNothing();
    }
  }
}
