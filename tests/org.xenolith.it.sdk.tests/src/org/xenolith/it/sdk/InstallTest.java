// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code install}, {@code list} and {@code uninstall} without a machine. */
class InstallTest {
  @TempDir
  Path folder;

  private Path bundle(String file, String name, String version, String... headers) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    for (String header : headers) {
      main.putValue(header.split(": ")[0], header.split(": ")[1]);
    }
    Path jar = folder.resolve(file);
    Files.createDirectories(jar.getParent());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  @Test
  void whatIsInstalledIsThereUntilItIsUninstalled() throws Exception {
    CommandRun run = new CommandRun(folder);
    bundle("repository/com/acme/uart.jar", "acme.uart", "1.0.0",
        "Import-Package: acme.lib;version=\"[1,2)\",org.xenolith.regs;version=\"[1,2)\"");
    String refused = run.xenolith(2, "install", folder.resolve("repository/com/acme/uart.jar"));
    assertTrue(refused.contains("it imports acme.lib [1.0.0,2.0.0), which no bundle here exports"), refused);
    assertFalse(refused.contains("\tat "), refused);
    Path kept = folder.resolve("data/xenolith/bundles");
    assertFalse(Files.exists(kept), "something was installed");

    bundle("repository/com/acme/lib.jar", "acme.lib", "1.0.0", "Export-Package: acme.lib;version=\"1.0.0\"");
    assertEquals("acme.lib 1.0.0: installed in " + kept + "; not signed\nacme.uart 1.0.0: installed in " + kept + "; not signed\n", run
        .xenolith(0, "install",
            "acme.uart", "--from", folder.resolve("repository")));
    Path later = bundle("uart-1.1.jar", "acme.uart", "1.1.0", "Import-Package: acme.lib");
    assertEquals("acme.uart 1.1.0: installed in " + kept + ", in the place of 1.0.0; not signed\n", run.xenolith(0, "install", later));
    assertEquals("acme.uart 1.1.0: uninstalled\n", run.xenolith(0, "uninstall", "acme.uart"));
    assertEquals("acme.lib 1.0.0  not signed  " + kept.resolve("acme.lib.jar") + "\n", run.xenolith(0, "list"));
  }
}
