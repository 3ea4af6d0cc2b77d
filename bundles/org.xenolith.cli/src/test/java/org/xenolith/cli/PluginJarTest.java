// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a jar, in words for who made it. */
class PluginJarTest {
  private static final String XML =
      "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"a\"><implementation class=\"acme.Uart\"/></scr:component>";
  @TempDir
  Path folder;

  /** @param parts headers as {@code Name: value}, entries as {@code name=content} */
  private String of(String... parts) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "acme.uart");
    Path jar = folder.resolve("plugin.jar");
    for (String part : parts) {
      if (part.matches("(?s)[A-Z][A-Za-z-]+: .*")) {
        manifest.getMainAttributes().putValue(part.split(": ", 2)[0], part.split(": ", 2)[1]);
      }
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String part : parts) {
        if (!part.matches("(?s)[A-Z][A-Za-z-]+: .*")) {
          out.putNextEntry(new ZipEntry(part.split("=", 2)[0]));
          out.write(part.split("=", 2)[1].getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return PluginJar.symbolicName(jar);
  }

  private void refused(String message, String... parts) {
    assertEquals(message, assertThrows(IOException.class, () -> of(parts)).getMessage());
  }

  @Test
  void bundleWithAllThatItNamesIsTaken() throws IOException {
    assertEquals("acme.uart", of("Service-Component: OSGI-INF/a.xml", "OSGI-INF/a.xml=" + XML, "acme/Uart.class=x"));
    assertEquals("acme.uart", of("Service-Component: OSGI-INF/*.xml", "OSGI-INF/a.xml=" + XML, "acme/Uart.class=x",
        "Bundle-Version: 1.2.3.x"));
    assertEquals("acme.uart", of("Bundle-Activator: acme.lib.Start", "Import-Package: acme.lib;version=1"));
    assertEquals("acme.uart", of("Bundle-Activator: acme.lib.Start", "Bundle-ClassPath: lib/a.jar"));
  }

  @Test
  void fragmentIsNoPlugin() {
    refused("it is a fragment of acme.host, which can't be changed while it runs: make it a bundle, without Fragment-Host",
        "Fragment-Host: acme.host;bundle-version=1");
  }

  @Test
  void brokenComponentsAreSaidWithTheirPlace() {
    refused("its component OSGI-INF/a.xml is no XML: at line 2, column 3", "Service-Component: OSGI-INF/a.xml", "OSGI-INF/a.xml=<a>\n<b");
    refused("its component OSGI-INF/a.xml names the class acme.Uart, which isn't in it", "Service-Component: OSGI-INF/*.xml",
        "OSGI-INF/a.xml=" + XML);
    refused("its Service-Component names OSGI-INF/none.xml, which isn't in it", "Service-Component: OSGI-INF/none.xml");
    refused("its Bundle-Activator names the class acme.Start, which isn't in it", "Bundle-Activator: acme.Start");
  }

  /** Nothing outside is read for it. */
  @Test
  void componentWithADocumentTypeReadsNothingElse() {
    String message = assertThrows(IOException.class, () -> of("Service-Component: OSGI-INF/a.xml",
        "OSGI-INF/a.xml=<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")).getMessage();
    assertTrue(message.startsWith("its component OSGI-INF/a.xml is no XML"), message);
  }

  @Test
  void oddNamesAndVersionsAreShownAndRefused() {
    refused("its Bundle-SymbolicName 'acme uart\\x1b[31m' can't be one: it has words of letters, digits, - and _, with dots between them",
        "Bundle-SymbolicName: acme uart\u001b[31m");
    refused("its Bundle-Version 'one.two' can't be one: it has up to three numbers, as 1.0.2", "Bundle-Version: one.two");
  }
}
