// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person works with the workbench in a real window. There can be only one in a process: one idea after the other is tried in it. */
class WorkbenchTest {
  @TempDir
  Path folder;

  @Test
  void machinesAreRunLookedAtAndChangedFromAWindow() throws Exception {
    HangSteps hang = new HangSteps(folder("hang"));
    Desk.open(desk -> {
      desk.does(new BareMachineSteps(folder("bare")));
      desk.does(new BootFormSteps(folder("form")));
      desk.does(new BootDialogSteps(folder("dialog")));
      desk.does(new DebugSteps());
      desk.does(new BundlesSteps(folder("bundles")));
      desk.does(new FirmwareSteps(folder("firmware")));
      desk.does(hang);
      desk.does(new DomainsSteps(folder("domains"))); // quits in the end
    });
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }
}
