// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.LiveChange.Touched;
import org.xenolith.scenario.file.Action;

class ChangedBundlesTest {
  private static final String BUNDLE = "org.example.device";
  @TempDir
  private Path folder;
  private List<Touched> touched = List.of(new Touched("virt", 2));

  private LiveChange change() {
    return (LiveChange) Proxy.newProxyInstance(LiveChange.class.getClassLoader(), new Class<?>[] {LiveChange.class}, (self, method,
        arguments) -> new Change(true, BUNDLE, "1.0.0", touched.stream().mapToInt(Touched::devices).sum(), 0, "", touched));
  }

  @Test
  void whichMachinesAChangeTouchesIsToldOnceUntilItIsAnother() throws IOException {
    List<String> told = new ArrayList<>();
    ChangedBundles bundles = new ChangedBundles(null, change(), told::add);
    Path jar = Files.createFile(folder.resolve("device.jar"));
    Action.Plug plug = new Action.Plug(BUNDLE, Optional.of(jar));
    bundles.plug(plug);
    bundles.plug(plug);
    assertEquals(List.of("added org.example.device, 2 devices of virt"), told);
    touched = List.of();
    bundles.plug(plug);
    assertEquals("added org.example.device, of no machine", told.getLast());
  }
}
