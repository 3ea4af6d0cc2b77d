// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's layer of UEFI firmware is made with the SDK alone; firmware boots from its disk, and it goes, comes back and is replaced under the booted program. */
@Tag("full")
class EfiDriverGuideTest {
  @TempDir
  Path folder;

  @Test
  void aLayerMadeByTheGuideIsReplacedUnderAProgramThatItHasBooted() throws Exception {
    new GuideRun(folder).follow("efi-driver.md");
    String console = Files.readString(folder.resolve("console.txt"));
    assertTrue(console.contains("model-removed /xenolith-boot-services:example.rom"), console);
    try (JarFile jar = new JarFile(folder.resolve("build/rom.jar").toFile())) {
      String imports = jar.getManifest().getMainAttributes().getValue("Import-Package");
      assertTrue(imports.contains("org.xenolith.efi.boot.kit") && !imports.contains("org.xenolith.testkit"), imports);
    }
  }
}
