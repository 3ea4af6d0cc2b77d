// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code new} puts in what it is told, and refuses what it can't do without leaving anything. */
@Tag("full")
class NewCommandTest {
  @TempDir
  Path folder;

  private int run(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(GuideRun.root().resolve("xenolith").toString(), "new"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(folder.resolve("said.txt").toFile()).start().waitFor();
  }

  private String said() throws Exception {
    return Files.readString(folder.resolve("said.txt"));
  }

  @Test
  void namesArePutInEverywhere() throws Exception {
    assertEquals(0, run("host-bridge", "acme-root", "--to", "models", "--vendor", "acme", "--package", "org.acme.pci", "--driver"));
    Path component = folder.resolve("models/acme-root/src/main/java/org/acme/pci/AcmeRootComponent.java");
    assertTrue(Files.readString(component).contains("xenolith.compatible=acme,acme-root"));
    assertTrue(Files.exists(folder.resolve("models/acme-root-driver/src/main/java/org/acme/pci/driver/AcmeRootDriver.java")));
    try (Stream<Path> files = Files.walk(folder.resolve("models"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertTrue(!Files.readString(file).matches("(?s).*@(NAME|CLASS|VENDOR|PACKAGE)@.*"), file.toString());
      }
    }
    Path kind = folder.resolve("models/acme-root/src/main/java/org/acme/pci/AcmeRootKind.java");
    assertTrue(Files.readString(kind).contains("HostBridgeKind.NAME + \"=acme-root\""), "boot --pcie acme-root");
  }

  @Test
  void whatComesNextIsSaid() throws Exception {
    assertEquals(0, run("device", "acme"), said());
    assertTrue(said().lines().anyMatch(line -> line.equals("./acme")), said());
    assertTrue(said().contains("/dist/sdk/build-model ./acme acme.jar; how to boot it says ./acme/README.md"), said());
    assertTrue(Files.readString(folder.resolve("acme/README.md")).contains("--node acme/acme.dtsi --plugins plugins.d"));
  }

  @Test
  void aBridgeMayHaveAPairOfRegisters() throws Exception {
    assertEquals(0, run("host-bridge", "acme", "--pair"), said());
    assertTrue(Files.readString(folder.resolve("acme/src/main/java/com/example/acme/Acme.java")).contains("state.cell(\"index\", 0)"));
    assertTrue(Files.readString(folder.resolve("acme/src/main/java/com/example/acme/AcmeKind.java")).contains("\"example,acme\")"),
        "no kernel has a driver for it: it has no second name");
  }

  @Test
  void aBoardIsAFileInABundleWithoutJava() throws Exception {
    assertEquals(0, run("board", "acme-one", "--vendor", "acme"), said());
    assertTrue(Files.readString(folder.resolve("acme-one/pde.bnd")).contains("xenolith.board;file=\"model/acme-one.platform\""));
    assertTrue(Files.readString(folder.resolve("acme-one/model/acme-one.platform")).contains("compatible = 'acme,acme-one'"));
    try (Stream<Path> files = Files.walk(folder.resolve("acme-one"))) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".java")));
    }
    assertEquals(2, run("board", "acme-two", "--driver"));
    assertTrue(said().contains("a board has no --driver"), said());
  }

  @Test
  void aLayerOfFirmwareHasItsOwnMark() throws Exception {
    assertEquals(0, run("efi-driver", "acme-rom", "--to", "layers", "--vendor", "acme"), said());
    assertEquals(0, run("efi-driver", "acme-rom", "--to", "again", "--vendor", "acme", "--package", "org.acme.rom"), said());
    assertEquals(0, run("efi-driver", "acme-rom", "--to", "others"), said());
    String mark = mark("layers/acme-rom/src/main/java/com/acme/acmerom/AcmeRomLayer.java");
    assertEquals(mark, mark("again/acme-rom/src/main/java/org/acme/rom/AcmeRomLayer.java"), "the same vendor and name");
    assertNotEquals(mark, mark("others/acme-rom/src/main/java/com/example/acmerom/AcmeRomLayer.java"), "another vendor");
    String layer = Files.readString(folder.resolve("layers/acme-rom/src/main/java/com/acme/acmerom/AcmeRomLayer.java"));
    assertTrue(layer.contains("\"acme,acme-rom\", \"cfi-flash\"") && layer.contains("NAME = \"acme.acme-rom\""), layer);
    try (Stream<Path> files = Files.walk(folder.resolve("layers"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertTrue(!Files.readString(file).matches("(?s).*@(NAME|CLASS|VENDOR|PACKAGE|GUID)@.*"), file.toString());
      }
    }
    assertEquals(2, run("efi-driver", "acme-two", "--pair"));
    assertTrue(said().contains("an EFI driver has no --pair"), said());
  }

  private String mark(String file) throws Exception {
    Matcher mark = Pattern.compile("MARK = EfiGuid.of\\(\"([0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12})\"\\)").matcher(
        Files
            .readString(folder.resolve(file)));
    assertTrue(mark.find(), file);
    return mark.group(1);
  }

  @Test
  void whatCannotBeDoneIsRefused() throws Exception {
    for (List<String> wrong : List.<List<String>>of(List.of("toaster", "a"), List.of("host-bridge"), List.of("host-bridge", "Acme"),
        List.of("host-bridge", "a/b"), List.of("host-bridge", "acme", "--package", "Acme"), List.of("host-bridge", "acme", "--to"),
        List.of("host-bridge", "acme", "--frobnicate"), List.of("host-bridge", "acme", "--pair", "--driver"), List.of("host-bridge",
            "switch"), List.of("device", "acme", "--pair"), List.of("host-bridge", "acme", "--dma"),
        List.of("host-bridge", "acme", "--to", "said.txt/models"), List.of())) {
      assertEquals(2, run(wrong.toArray(String[]::new)), wrong.toString());
      assertTrue(said().startsWith("new: ") && said().contains("new host-bridge NAME"), said());
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(1, left.count(), wrong.toString());
      }
    }
    assertEquals(0, run("host-bridge", "acme"));
    assertEquals(2, run("host-bridge", "acme"), "the folder is there already");
    assertEquals(0, run("host-bridge", "switch", "--package", "com.example.fabric"), said());
  }

  @Test
  void nothingIsBegunThatCannotBeFinished() throws Exception {
    Files.createDirectory(folder.resolve("acme-driver"));
    assertEquals(2, run("host-bridge", "acme", "--driver"));
    assertTrue(said().contains("acme-driver' is there already"), said());
    assertTrue(Files.notExists(folder.resolve("acme")), "the other half");
  }

  @Test
  void helpSaysHow() throws Exception {
    for (List<String> asked : List.of(List.of("--help"), List.of("device", "--help"), List.of("host-bridge", "acme", "-h"))) {
      assertEquals(0, run(asked.toArray(String[]::new)));
      assertTrue(said().contains("new host-bridge NAME") && said().contains("new device NAME"), said());
    }
  }
}
