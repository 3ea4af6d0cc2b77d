// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathBundlesTest {
  @TempDir
  Path folder;

  private static Attributes bundle(String name, String version) {
    Attributes manifest = new Attributes();
    manifest.putValue("Bundle-SymbolicName", name);
    manifest.putValue("Bundle-Version", version);
    return manifest;
  }

  private URL onPath(String name, String version, String more) throws Exception {
    Path place = Files.createDirectories(folder.resolve(name + "/META-INF"));
    Files.writeString(place.resolve("MANIFEST.MF"), "Manifest-Version: 1.0\nBundle-SymbolicName: " + name
        + ";singleton:=true\nBundle-Version: "
        + version + "\nExport-Package: " + name + ";version=\"1.0\"\n" + more);
    return place.getParent().toUri().toURL();
  }

  @Test
  void ourContractsAndOthersOfTheVeryVersionAreInThePlaceOfTheProducts() throws Exception {
    URL[] path = {onPath("org.xenolith.a.api", "1.0.0.2", ""), onPath("org.xenolith.mine", "1.0.0", ""), onPath("gson", "2.0", ""), onPath(
        "xz",
        "1.0", ""), onPath("runtime", "3.0", "Bundle-Activator: runtime.Start\n")};
    Attributes contract = bundle("org.xenolith.a.api", "1.0.0.1");
    try (URLClassLoader loader = new URLClassLoader(path, null)) {
      ClassPathBundles found = ClassPathBundles.of(loader, List.of(contract, bundle("gson", "2.0"), bundle("xz", "1.1"), bundle("runtime",
          "3.0")));
      assertTrue(found.has(contract));
      assertFalse(found.has(bundle("xz", "1.1")), "another version may be another thing");
      assertFalse(found.has(bundle("runtime", "3.0")), "what has something to start is started in the framework");
      assertEquals("org.xenolith.a.api;version=\"1.0\",gson;version=\"1.0\"", found.exports(),
          "a bundle of the tests' own is no business of the product's");
    }
  }
}
