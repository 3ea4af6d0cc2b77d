// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** That {@code bench} measures on both sides and keeps it. What it measures is nobody's to assert on a machine that does other things. */
@FullLane
@Order(2)
class BenchTest {
  private static final Duration LONG = Duration.ofMinutes(20);

  @TempDir
  private Path work;

  @Test
  void partsAreMeasuredOnBothSidesAndKept() throws InterruptedException, IOException {
    Path json = work.resolve("result.json");
    Path history = work.resolve("kept/history.jsonl");
    Path page = work.resolve("page.html");
    int least = Lane.full() ? 2 : 3;
    for (int gic = least; gic <= 3; gic++) {
      Product.run("bench", "--only", "exits,start", "--runs", 1, "--gic", gic, "--json", json, "--history", history, "--page", page)
          .expect(0).outHas("run 1 of 1: exits of a Dom0, QEMU").outHas("null hypercall .* ns ").outHas("first instruction .* ms ");
      JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
      assertEquals(1, result.get("schema").getAsInt());
      assertFalse(result.getAsJsonObject("host").get("cpu").getAsString().isEmpty());
      assertEquals("[\"cortex-a57\",\"x86-64-v2\"]", result.getAsJsonArray("cpus").toString());
      Map<String, JsonObject> figures = new TreeMap<>();
      for (JsonElement figure : result.getAsJsonArray("figures")) {
        figures.put(figure.getAsJsonObject().get("name").getAsString(), figure.getAsJsonObject());
      }
      assertEquals("[exits.bare.distributor, exits.bare.end, exits.bare.psci, exits.bare.register, exits.bare.sgi,"
          + " exits.dom0.distributor, exits.dom0.end, exits.dom0.hypercall, exits.dom0.psci, exits.dom0.sgi,"
          + " start.instruction, start.memory, start.output]", figures.keySet().toString());
      figures.forEach((name, figure) -> {
        assertEquals(1, figure.getAsJsonObject("ours").getAsJsonArray("values").size(), name);
        assertEquals(name.endsWith(".instruction"), figure.get("peer").isJsonNull(), name);
      });
    }
    assertEquals(4 - least, Files.readAllLines(history).size());
    String text = Files.readString(page);
    assertTrue(text.contains("exits.dom0.hypercall") && text.contains("Chart.js v"));
  }

  @Test
  void dom0ComesToItsMarkerOnBothSides() throws InterruptedException, IOException {
    Path json = work.resolve("result.json");
    Product.run("bench", "--only", "dom0", "--runs", 1, "--json", json, "--history", work.resolve("history.jsonl")).expect(0)
        .outHas("second boot in our process");
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    for (JsonElement element : result.getAsJsonArray("figures")) {
      JsonObject figure = element.getAsJsonObject();
      assertTrue(figure.getAsJsonObject("ours").get("median").getAsDouble() > 0, figure::toString);
      assertTrue(figure.getAsJsonObject("peer").get("median").getAsDouble() > 0, figure::toString);
      assertTrue(figure.get("ratio").getAsDouble() > 0, figure::toString);
    }
    assertEquals(4, result.getAsJsonArray("figures").size());
  }

  @TestFactory
  List<DynamicTest> aPcsHypervisorIsMeasuredBesideXen() {
    return Lane.onlyFull(DynamicTest.dynamicTest("exits and boots of a PVH Dom0", this::pvh));
  }

  private void pvh() throws InterruptedException, IOException {
    Path json = work.resolve("result.json");
    try (Program bench = Product.start("bench", "--only", "pvh", "--runs", 1, "--json", json, "--history", work.resolve(
        "history.jsonl"))) {
      bench.await(LONG).expect(0).outHas("event to itself and its upcall").outHas("beside ours without hypervisor");
    }
    Map<String, JsonObject> figures = new TreeMap<>();
    for (JsonElement figure : JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonArray("figures")) {
      figures.put(figure.getAsJsonObject().get("name").getAsString(), figure.getAsJsonObject());
      assertTrue(figure.getAsJsonObject().get("ratio").getAsDouble() > 0, figure::toString);
    }
    assertEquals(
        "[pvh.bare.guest, pvh.bare.second, pvh.boot.guest, pvh.boot.memory, pvh.boot.process, pvh.boot.second, pvh.cpuid, pvh.event,"
            + " pvh.fault, pvh.grant, pvh.hypercall, pvh.ioapic, pvh.lapic, pvh.page, pvh.port]", figures.keySet().toString());
  }

  @TestFactory
  List<DynamicTest> boardByAcpiIsMeasuredBesideTheSameByDeviceTree() {
    return Lane.onlyFull(DynamicTest.dynamicTest("two boots by each", this::byTablesAndByTree));
  }

  private void byTablesAndByTree() throws InterruptedException, IOException {
    Path json = work.resolve("result.json");
    Product.run("bench", "--only", "acpi", "--runs", 1, "--json", json, "--history", work.resolve("history.jsonl")).expect(0)
        .outHas("Debian by ACPI, by device tree").outHas("device tree +ours +by device tree +ratio").outHas(
            "an instruction of Debian's boot");
    Map<String, JsonObject> figures = new TreeMap<>();
    for (JsonElement figure : JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonArray("figures")) {
      figures.put(figure.getAsJsonObject().get("name").getAsString(), figure.getAsJsonObject());
      assertTrue(figure.getAsJsonObject().get("ratio").getAsDouble() > 0, figure::toString);
    }
    assertEquals("[acpi.guest, acpi.second, acpi.start]", figures.keySet().toString());
  }

  @TestFactory
  List<DynamicTest> disksAndFirmwareAreMeasuredOnBothSides() {
    return Lane.onlyFull(DynamicTest.dynamicTest("each disk, and a boot from one", this::fromDisks));
  }

  private void fromDisks() throws InterruptedException, IOException {
    Path json = work.resolve("result.json");
    try (Program bench = Product.start("bench", "--only", "disks,uefi", "--runs", 1, "--json", json, "--history", work.resolve(
        "history.jsonl"))) {
      bench.await(LONG).expect(0).outHas("virtio-scsi by PCI: a random read of 4 KiB").outHas("to the login, systemd and all");
    }
    Map<String, JsonObject> figures = new TreeMap<>();
    for (JsonElement figure : JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonArray("figures")) {
      figures.put(figure.getAsJsonObject().get("name").getAsString(), figure.getAsJsonObject());
      assertTrue(figure.getAsJsonObject().get("ratio").getAsDouble() > 0, figure::toString);
    }
    assertEquals("[disks.blk.rand, disks.blk.seq, disks.legacy.rand, disks.legacy.seq, disks.pci.blk.rand, disks.pci.blk.seq, "
        + "disks.pci.legacy.rand, disks.pci.legacy.seq, disks.pci.scsi.rand, disks.pci.scsi.seq, disks.scsi.rand, "
        + "disks.scsi.seq, uefi.kernel, uefi.loader, uefi.login, uefi.memory, uefi.stub]", figures.keySet().toString());
    assertTrue(figures.get("uefi.loader").getAsJsonObject("ours").get("median").getAsDouble() < figures.get("uefi.login").getAsJsonObject(
        "ours").get("median").getAsDouble());
  }

  @Test
  void innerPartsCanBeMeasuredOnThisProduct() throws InterruptedException {
    // one short iteration each, in the harness's own JVM: that they run is all
    Product.run("bench", "--inner", "-f", 0, "-wi", 0, "-i", 1, "-r", "10ms").expect(0).outHas(
        "GuestInstructions.instruction +calls +regions")
        .outHas("MachineAccesses.acknowledge");
  }
}
