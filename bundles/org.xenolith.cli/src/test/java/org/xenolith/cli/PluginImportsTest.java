// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** What is said of a plug-in that was built with another version. */
class PluginImportsTest {
  private static final String REMEDY =
      ". './xenolith sdk migrate FOLDER' changes in its sources what is a rename; then build it with this version's SDK";
  private final PluginImports imports = PluginImports.of(Map.of("org.xenolith.machine.api", List.of(new Version(3, 4, 0)),
      "org.xenolith.a64.arch", List.of(new Version(0, 2, 0)), "org.xenolith.hyp.kit", List.of(new Version(0, 3, 0))));

  private void check(String header) throws IOException {
    Attributes manifest = new Attributes();
    manifest.putValue(Constants.IMPORT_PACKAGE, header);
    imports.check(manifest);
  }

  private String refused(String header) {
    return assertThrows(IOException.class, () -> check(header)).getMessage();
  }

  @Test
  void whatFitsIsTaken() {
    assertDoesNotThrow(() -> imports.check(new Attributes()));
    assertDoesNotThrow(() -> check("org.xenolith.machine.api;version=\"[3.1,4)\",org.xenolith.a64.arch;version=\"[0.2,0.3)\",javax.sql"));
    assertDoesNotThrow(() -> check("org.xenolith.machine.api"));
    assertDoesNotThrow(() -> check("org.xenolith.cpu.arch;resolution:=optional;version=\"[0.2,0.3)\""));
    assertDoesNotThrow(() -> check("org.xenolith.of.another.plugin;version=\"[1,2)\""), "which may come later");
  }

  @Test
  void aPackageOfAnotherNameIsNamed() {
    assertEquals("it was built with another version of Xenolith: it imports org.xenolith.cpu.arch, which is org.xenolith.a64.arch now"
        + REMEDY,
        refused("org.xenolith.cpu.arch;version=\"[0.2,0.3)\""));
  }

  @Test
  void aPackageOfAnotherVersionIsNamedWithBoth() {
    assertEquals("it was built with another version of Xenolith: it imports org.xenolith.machine.api [2.0.0,3.0.0) (here it is 3.4.0)"
        + REMEDY,
        refused("org.osgi.framework,org.xenolith.machine.api;version=\"[2.0,3)\""));
    assertEquals(
        "it was built with another version of Xenolith: it imports org.xenolith.hyp.kit [0.2.0,0.3.0) (here it is 0.3.0; some of it is in "
            + "org.xenolith.hyp.arm.kit, org.xenolith.hyp.build.kit, org.xenolith.hyp.pci.kit, org.xenolith.hyp.x64.kit now)" + REMEDY,
        refused(
            "org.xenolith.hyp.kit;version=\"[0.2,0.3)\""));
  }
}
