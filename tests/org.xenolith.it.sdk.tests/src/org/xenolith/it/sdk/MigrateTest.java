// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written for the version before: {@code sdk migrate} changes what is a rename and names the rest, and a bundle of before is refused with that advice. */
class MigrateTest {
  @TempDir
  Path folder;

  private int run(String script) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(folder.resolve("said.txt").toFile());
    shell.environment().put("XENOLITH", GuideRun.root().toString());
    shell.environment().put("XENOLITH_NO_BUILD", "1");
    shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return shell.start().waitFor();
  }

  private String said() throws Exception {
    return Files.readString(folder.resolve("said.txt"));
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** The driver of a host bridge as the template of 2026-11-29 made it, and a class with a type that has another name now. */
  @BeforeEach
  void modelOfBefore() throws Exception {
    assertEquals(0, run("\"$XENOLITH/xenolith\" sdk && \"$XENOLITH/xenolith\" new host-bridge acme --driver --to models"), said());
    Path driver = folder.resolve("models/acme-driver/src/main/java/com/example/acme/driver/AcmeDriver.java");
    String now = Files.readString(driver);
    String before = now.replace("org.xenolith.hyp.pci.kit.EcamBridge", "org.xenolith.hyp.kit.EcamBridge");
    assertTrue(!before.equals(now), now);
    Files.writeString(driver, before);
    write("models/acme-driver/src/test/java/com/example/acme/driver/GuestsTest.java", """
        package com.example.acme.driver;

        import static org.junit.jupiter.api.Assertions.assertTrue;

        import org.junit.jupiter.api.Test;
        import org.xenolith.testkit.cpu.GuestCount;

        class GuestsTest {
          @Test
          void thereAreGuests() {
            assertTrue(GuestCount.of(1) > 0);
          }
        }
        """);
    write("models/acme-driver/src/main/java/com/example/acme/driver/Pc.java", """
        package com.example.acme.driver;

        import org.xenolith.x64.api.X64Cpu;

        /** Knows x86's CPUs. */
        record Pc(X64Cpu cpu) {}
        """);
  }

  @Test
  void renamesAreChangedAndTheModelBuilds() throws Exception {
    String build = "\"$XENOLITH/dist/sdk/build-model\" models/acme-driver driver.jar";
    assertEquals(2, run(build), said());
    assertTrue(said().contains("the sources do not compile against the SDK"), said());
    assertEquals(0, run("\"$XENOLITH/xenolith\" sdk migrate --check models"), said());
    assertTrue(said().contains("3 of") && said().contains("files would change"), said());
    assertEquals(2, run(build), "nothing was written");
    assertEquals(0, run("\"$XENOLITH/dist/sdk/migrate\" models"), said());
    assertTrue(said().contains("acme-driver/src/main/java/com/example/acme/driver/Pc.java\n"), said());
    assertEquals(0, run(build), said());
    assertEquals(0, run("\"$XENOLITH/xenolith\" sdk migrate models"), said());
    assertTrue(said().contains("0 of"), said());
  }

  @Test
  void whatItCannotDecideIsNamed() throws Exception {
    write("other/src/Two.java", """
        import org.xenolith.hyp.kit.*;
        import org.xenolith.x64.arch.X64Core;

        class Two {
          Sbdf at;
          X64Core core;
          Core mine;
        }
        """);
    write("other/pde.bnd", "Bundle-SymbolicName: other\nImport-Package: org.xenolith.hyp.kit, org.xenolith.cpu.arch\n");
    assertEquals(1, run("\"$XENOLITH/xenolith\" sdk migrate other"), said());
    assertTrue(said().contains("by hand: src/Two.java: Sbdf, by an import of org.xenolith.hyp.kit.*, is org.xenolith.hyp.pci.kit.Sbdf\n"),
        said());
    assertTrue(said().contains("by hand: src/Two.java: X64Core is org.xenolith.x64.arch.Core, but Core is something else there already\n"),
        said());
    assertTrue(said().contains("by hand: pde.bnd: org.xenolith.hyp.kit gave types to "), said());
    assertTrue(Files.readString(folder.resolve("other/pde.bnd")).contains("org.xenolith.a64.arch"), said());
    assertEquals(2, run("\"$XENOLITH/xenolith\" sdk migrate nowhere"), said());
    assertTrue(said().contains("nowhere: no such folder"), said());
  }

  @Test
  void aBundleOfBeforeIsRefusedWithWhatToDo() throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "com.example.before");
    main.putValue("Import-Package", "org.xenolith.cpu.arch;version=\"[0.2,0.3)\",org.xenolith.x64.api;version=\"[1.2,2)\"");
    Files.createDirectories(folder.resolve("plugins.d"));
    new JarOutputStream(Files.newOutputStream(folder.resolve("plugins.d/before.jar")), manifest).close();
    assertEquals(2, run("\"$XENOLITH/xenolith\" boot --guest tiny --plugins plugins.d"), said());
    assertTrue(said().contains("before.jar: it was built with another version of Xenolith: it imports org.xenolith.cpu.arch, which is "
        + "org.xenolith.a64.arch now, org.xenolith.x64.api [1.2.0,2.0.0) (here it is 2."), said());
    assertTrue(said().contains("'./xenolith sdk migrate FOLDER' changes in its sources what is a rename"), said());
  }
}
