// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.TopologyStore;

/** Boards and kinds of host bridges are there as long as their bundles are. */
class BoardBundlesTest {
  private static final String BOARD = "org.xenolith.board.virt";
  private static final String BRIDGE = "org.xenolith.hw.pcihost.xgene";
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restore() throws IOException {
    product.restore();
  }

  private Optional<BoardProvider> virt() {
    return product.services(BoardProvider.class).stream().filter(board -> board.name().equals("virt")).findFirst();
  }

  private static void done(Change change) {
    assertTrue(change.done(), change.reason());
  }

  @Test
  void aBoardGoesAndComesWithItsBundle() throws IOException {
    assertFalse(Collections.list(new JarFile(product.file(BOARD).toFile()).entries()).stream().anyMatch(e -> e.getName().endsWith(
        ".class")), "Java in a board");
    done(product.change().remove(BOARD));
    assertTrue(virt().isEmpty());
    done(product.change().add(new ByteArrayInputStream(product.jar(BOARD))));
    assertEquals(1, product.services(BoardProvider.class).stream().filter(board -> board.name().equals("virt")).count());
    done(product.change().replace(BOARD, new ByteArrayInputStream(other(text -> text.replace("QEMU's virt", "another virt")))));
    assertTrue(virt().orElseThrow().summary().contains("another virt"), "the new version's file");
  }

  @Test
  void aHostBridgeCanBeAskedForAsLongAsItsBundleIsThere() throws IOException {
    assertTrue(virt().orElseThrow().choices().get("pcie").contains("xgene"));
    done(product.change().remove(BRIDGE));
    assertEquals(List.of("none", "cam", "dw", "dw-as-ecam", "ecam"), virt().orElseThrow().choices().get("pcie"));
    done(product.change().add(new ByteArrayInputStream(product.jar(BRIDGE))));
    assertTrue(virt().orElseThrow().choices().get("pcie").containsAll(List.of("xgene", "xgene-as-ecam")));
  }

  /** What somebody breaks in a board is told when it is asked for, and harms nothing else. */
  @Test
  void aBoardWhoseFileIsWrongSaysSo() throws IOException {
    done(product.change().replace(BOARD, new ByteArrayInputStream(other(text -> text.replace("with=\"its=on\"", "with=\"it=on\"")))));
    List<Finding> findings = product.service(TopologyStore.class).check(virt().orElseThrow());
    assertEquals(Severity.ERROR, findings.getFirst().severity());
    assertTrue(findings.getFirst().toString().matches("(?s).*virt\\.platform is no usable platform:.*line \\d+, <edits>: with names"
        + " 'it=on', and there is no such choice; use one of gic, .*"), findings.toString());
    product.restore();
    assertEquals(List.of(), product.service(TopologyStore.class).check(virt().orElseThrow()).stream().filter(f -> f.severity()
        != Severity.NOTE).toList(), "every variant of the board as it is");
  }

  @Test
  void aBoardWithoutAFileSaysWhatTheManifestLacks() throws IOException {
    done(product.change().replace(BOARD, new ByteArrayInputStream(other("xenolith.board", text -> text.replace("QEMU's virt", "a virt")))));
    BoardProvider nameless = product.services(BoardProvider.class).stream().filter(board -> board.name().equals(BOARD)).findFirst()
        .orElseThrow();
    List<Finding> findings = product.service(TopologyStore.class).check(nameless);
    assertTrue(findings.toString().contains(
        "doesn't exist; correct the bundle's manifest (Provide-Capability: xenolith.board;file=\"PATH\")"),
        findings::toString);
  }

  private byte[] other(java.util.function.UnaryOperator<String> edit) throws IOException {
    return other("xenolith.board;file=\"model/virt.platform\"", edit);
  }

  private byte[] other(String capability, java.util.function.UnaryOperator<String> edit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarFile from = new JarFile(product.file(BOARD).toFile())) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), "9.9.9");
      manifest.getMainAttributes().put(new Attributes.Name("Provide-Capability"), capability);
      List<String> edited = new ArrayList<>();
      try (JarOutputStream to = new JarOutputStream(bytes, manifest)) {
        for (ZipEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !entry.isDirectory()) {
            byte[] content = from.getInputStream(entry).readAllBytes();
            if (entry.getName().endsWith(".platform")) {
              String text = new String(content, StandardCharsets.UTF_8);
              content = edit.apply(text).getBytes(StandardCharsets.UTF_8);
              assertFalse(text.equals(new String(content, StandardCharsets.UTF_8)), "nothing was edited");
              edited.add(entry.getName());
            }
            to.putNextEntry(new ZipEntry(entry.getName()));
            to.write(content);
          }
        }
      }
      assertEquals(1, edited.size());
    }
    return bytes.toByteArray();
  }
}
