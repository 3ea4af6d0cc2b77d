// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;

class BundleRepositoryTest {
  @TempDir
  Path folder;

  private void file(String place, String entry, String content) throws IOException {
    Path jar = folder.resolve(place);
    Files.createDirectories(jar.getParent());
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(entry));
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void bundle(String place, String name, String version, String headers) throws IOException {
    file(place, JarFile.MANIFEST_NAME, "Manifest-Version: 1.0\nBundle-SymbolicName: " + name + ";singleton:=true\nBundle-Version: "
        + version + "\n"
        + headers + "\n");
  }

  private List<String> needed(String name) throws IOException {
    return new BundleRepository(folder).needed(name, (other, range) -> other.startsWith("org.product")).stream().map(
        bundle -> bundle.name() + " " + bundle.version()).toList();
  }

  @Test
  void whatABundleNeedsComesBeforeIt() throws IOException {
    bundle("com/acme/uart/1.0/uart-1.0.jar", "acme.uart", "1.0.0",
        "Import-Package: acme.kit;version=\"[1,2)\",org.product.api;version=\"3\",acme.none;resolution:=optional\n");
    bundle("com/acme/kit/1.1/kit-1.1.jar", "acme.kit", "1.1.0", "Export-Package: acme.kit;version=\"1.1.0\";uses:=\"acme.base,java.util\"\n"
        + "Import-Package: acme.base\n");
    bundle("com/acme/kit/2.0/kit-2.0.jar", "acme.kit", "2.0.0", "Export-Package: acme.kit;version=\"2.0.0\"\n");
    bundle("com/acme/base/1.0/base-1.0.jar", "acme.base", "1.0.0", "Export-Package: acme.base\nImport-Package: acme.kit\n");
    bundle("com/acme/uart/1.0/uart-1.0-sources.jar", "acme.uart.source", "1.0.0", "");
    assertEquals(List.of("acme.base 1.0.0", "acme.kit 1.1.0", "acme.uart 1.0.0"), needed("acme.uart"));
  }

  @Test
  void theNewestIsTaken() throws IOException {
    bundle("b.jar", "acme.uart", "1.9.0", "");
    bundle("a.jar", "acme.uart", "1.10.0", "");
    assertEquals(List.of("acme.uart 1.10.0"), needed("acme.uart"));
  }

  @Test
  void aFeatureIsItsBundles() throws IOException {
    file("features/acme_1.0.0.jar", "feature.xml",
        "<feature id='acme'><plugin id='acme.uart' version='1.0.0'/><plugin id='acme.kit'/></feature>");
    bundle("plugins/uart.jar", "acme.uart", "1.0.0", "Import-Package: acme.kit\n");
    bundle("plugins/kit.jar", "acme.kit", "1.0.0", "Export-Package: acme.kit\n");
    assertEquals(List.of("acme.kit 1.0.0", "acme.uart 1.0.0"), needed("acme"));
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    file("features/acme_1.0.0.jar", "feature.xml", "<feature id='acme'><plugin id='acme.uart'/></feature>");
    assertEquals("install: the feature 'acme' names the bundle acme.uart, which isn't in " + folder, assertThrows(BadInput.class,
        () -> needed("acme"))
        .getMessage());
    assertEquals("install 'other': " + folder + " has no feature and no bundle of this name", assertThrows(BadInput.class, () -> needed(
        "other"))
        .getMessage());
    assertEquals("--from '" + folder + "/nosuch': no such folder", assertThrows(BadInput.class, () -> new BundleRepository(folder.resolve(
        "nosuch")))
        .getMessage());
  }
}
