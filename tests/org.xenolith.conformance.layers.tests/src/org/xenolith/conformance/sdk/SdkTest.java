// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.conformance.layers.BuiltBundle;
import org.xenolith.conformance.layers.Checkout;

/** What {@code ./xenolith sdk} makes is enough to build a model in a folder outside the tree. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkTest {
  private static final String CONTRACT = "org.xenolith.machine.api";

  /** The model that plays the third party: its sources as they are, under another bundle name. */
  private static final String MODEL = "org.xenolith.hw.pl031";

  @TempDir
  Path folder;

  private final Path sdk = Checkout.root().resolve("dist/sdk");

  @BeforeAll
  void makeTheSdk() throws Exception {
    run(0, Checkout.root().resolve("xenolith").toString(), "sdk");
  }

  @Test
  void holdsExactlyBaseContractsAndTestKit() throws IOException {
    Set<String> exporting = new TreeSet<>();
    for (BuiltBundle bundle : Checkout.bundles()) {
      if (!bundle.exports().isEmpty() && !bundle.name().equals("org.xenolith.platform.model")) {
        exporting.add(bundle.name() + ".jar");
      }
    }
    try (Stream<Path> jars = Files.list(sdk.resolve("bundles"))) {
      assertEquals(exporting, new TreeSet<>(jars.map(jar -> jar.getFileName().toString()).toList()));
    }
  }

  @Test
  void modelOutsideTheTreeBecomesABundle() throws Exception {
    Path gadget = gadget("");
    Path jar = folder.resolve("out/com.example.gadget.jar");
    run(0, sdk.resolve("build-model").toString(), gadget.toString(), jar.toString());

    BuiltBundle bundle = BuiltBundle.read(jar);
    assertEquals("com.example.gadget", bundle.name());
    assertEquals(Set.of(), bundle.exports().keySet());
    // What the contracts are at now, and any later one that is compatible.
    String now = Checkout.bundles().stream().map(each -> each.exports().get(CONTRACT)).filter(each -> each != null).findFirst()
        .orElseThrow();
    int major = Integer.parseInt(now.substring(0, now.indexOf('.')));
    assertEquals("[" + now.substring(0, now.lastIndexOf('.')) + "," + (major + 1) + ")", bundle.imports().get(CONTRACT));
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String component : file.getManifest().getMainAttributes().getValue("Service-Component").split(",\\s*")) {
        String description = new String(file.getInputStream(file.getEntry(component)).readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(description.contains("\"xenolith.compatible\""), description);
      }
    }
  }

  /** A kit may change with every release, so that a model which uses one isn't installed beside another's. */
  @Test
  void modelThatUsesAKitIsForThatReleaseOnly() throws Exception {
    Path gadget = gadget("package com.example; class Banks { org.xenolith.gic.kit.InterruptBanks banks; }");
    Path jar = folder.resolve("out/com.example.banks.jar");
    run(0, sdk.resolve("build-model").toString(), gadget.toString(), jar.toString());
    assertEquals("[0.2,0.3)", BuiltBundle.read(jar).imports().get("org.xenolith.gic.kit"));
    assertFalse(BuiltBundle.read(jar).imports().containsKey("org.xenolith.a64.graph"), "imports what it doesn't use");
  }

  @Test
  void modelThatUsesMoreThanTheContractsIsRefused() throws Exception {
    Path gadget = gadget("package com.example; class Cheat { org.xenolith.machine.CoreMachine machine; }");
    String output = run(2, sdk.resolve("build-model").toString(), gadget.toString(), folder.resolve("x.jar").toString());
    assertTrue(output.contains("do not compile against the SDK"), output);
  }

  private Path gadget(String more) throws IOException {
    Path gadget = Files.createTempDirectory(folder, "gadget");
    Path sources = Files.createDirectories(gadget.resolve("src/main/java"));
    Path original = Checkout.root().resolve("bundles").resolve(MODEL).resolve("src/main/java");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = sources.resolve(original.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    if (!more.isEmpty()) {
      Files.writeString(Files.createDirectories(sources.resolve("com/example")).resolve("Cheat.java"), more);
    }
    Files.writeString(gadget.resolve("pde.bnd"), "Bundle-SymbolicName: com.example.gadget\nBundle-Version: 1.0.0\n");
    return gadget;
  }

  private static String run(int expected, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(expected, process.waitFor(), output);
    return output;
  }
}
