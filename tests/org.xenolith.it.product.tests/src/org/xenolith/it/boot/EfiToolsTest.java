// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.boot.EfiTools.Way;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.Lane;

/**
 * Debian's own tools on EFI's variables and clock: efibootmgr, efivar, efitools, sbsigntool, openssl, e2fsprogs, util-linux. On bare metal,
 * in Dom0 by ACPI and by device tree, and in a guest by ACPI.
 */
class EfiToolsTest {
  @TempDir
  private Path folder;

  /** What the tools say, whichever way their kernel takes. */
  private static List<String> expected() throws IOException {
    try (InputStream in = EfiToolsTest.class.getResourceAsStream("efi-tools.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @TestFactory
  List<DynamicTest> toolsGetEqualResultsAndLeaveEqualStoresInEveryWay() {
    return Lane.onlyFull(DynamicTest.dynamicTest("with a reset", this::everyWay));
  }

  private void everyWay() throws IOException, InterruptedException {
    EfiTools tools = new EfiTools(folder);
    assertEquals("EFI make: 0", tools.makeKeys().getFirst());
    for (Way way : Way.values()) {
      try (Boot.Started boot = tools.start(way, way.name(), "run")) {
        expect(way, boot.await(0).outcome().out());
      }
      assertEquals(-1, Files.mismatch(tools.variables(Way.DIRECT.name()), tools.variables(way.name())), way.name());
    }
  }

  @TestFactory
  List<DynamicTest> aGuestsToolsGetTheSameResultsByCodeInItsMemory() {
    return Lane.onlyFull(DynamicTest.dynamicTest("with a reset", () -> {
      EfiTools tools = new EfiTools(folder);
      assertEquals("EFI make: 0", tools.makeKeys().getFirst());
      try (Boot.Started boot = tools.startGuest("guest")) {
        expect(Way.DIRECT, boot.await(0).outcome().out());
      }
    }));
  }

  private static void expect(Way way, String out) throws IOException {
    List<String> told = new ArrayList<>(EfiTools.told(out));
    assertEquals(2, told.stream().filter(line -> line.equals(way.told())).count(), () -> way + ": before and after the reset\n" + out);
    told.removeIf(way.told()::equals);
    assertEquals(String.join("\n", expected()), String.join("\n", told), way.name());
    LogLines.assertNoComplaint(out);
  }

  @TestFactory
  List<DynamicTest> whatWasAcknowledgedOutlivesAKilledProcess() {
    return Lane.onlyFull(DynamicTest.dynamicTest("bare metal", () -> kill(Way.DIRECT)),
        DynamicTest.dynamicTest("Dom0", () -> kill(Way.HYPERCALL)));
  }

  private void kill(Way way) throws IOException, InterruptedException {
    EfiTools tools = new EfiTools(Files.createDirectory(folder.resolve(way.name())));
    try (Boot.Started boot = tools.start(way, "killed", "write")) {
      boot.program().awaitOutput("EFI acknowledged: 0\\s", Product.LONG);
      boot.program().kill();
    }
    try (Boot.Started boot = tools.start(way, "killed", "look")) {
      List<String> told = EfiTools.told(boot.await(0).outcome().out());
      assertEquals("EFI kept: 0", told.getFirst(), told::toString);
      assertEquals("EFI   00000000  6b 65 70 74                                       |kept            |", told.getLast());
    }
  }
}
