// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.testkit.FullLane;

/** Our own firmware describes the board by ACPI: with the tables that a kernel without boot services is given. */
@FullLane
class OwnFirmwareAcpiTest {
  /** Both put the RSDP on such a page. */
  private static final int STEP = 64 << 10;
  private static final int HEADER = 36;
  private static final int CHECKSUM = 9;
  private static final int X_FIRMWARE_CTRL = 132;
  private static final int X_DSDT = 140;

  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static RequestBuilder debian(RequestBuilder board, String firmware) {
    RequestBuilder request = board.memory(512L << 20).guest("debian").append("cryptomgr.notests").option("firmware", firmware);
    return firmware.equals("xenolith") ? request.option("tables", "acpi") : request;
  }

  /** A kernel that is started by its EFI stub finds tables and nothing else. */
  @Test
  void kernelBootsByItsTables() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(debian(RequestBuilder.of("virt").boardOption("gic", "2").cpus(2), "xenolith").build())) {
      guest.runUntil("rtc-efi rtc-efi.0: registered");
      String console = guest.console().text();
      for (String line : List.of("EFI stub: Generating empty DTB", "ACPI: RSDP 0x", "ACPI: SPCR: console: pl011",
          "psci: probing for conduit method from ACPI", "ACPI: Using GIC for interrupt routing", "SMP: Total of 2 processors activated")) {
        assertTrue(console.contains(line), () -> line + " in " + console);
      }
      assertFalse(console.contains("Machine model:") || console.contains("ACPI Error") || console.contains("Firmware Bug"), console);
      assertFalse(guest.events().contains("model-failed"), guest::events);
    }
  }

  @Test
  void tablesAreThoseOfAKernelWithoutBootServices() throws IOException {
    GuestSource debian = product.services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst().orElseThrow();
    String mustang = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb")
        .toString();
    for (RequestBuilder board : List.of(RequestBuilder.of("virt").boardOption("gic", "2"), RequestBuilder.of("virt").boardOption(
        "gic",
        "3").cpus(3).boardOption("iommu", "smmuv3").option("pci", "1.0=nvme"), RequestBuilder.of(mustang).option("pci", "0.0=nvme"))) {
      assertEquals(tables(board, "acpi"), tables(board, "xenolith"));
    }
  }

  private static Map<String, String> tables(RequestBuilder board, String firmware) throws IOException {
    try (GuestMachine guest = GuestMachine.launch(debian(board, firmware).build())) {
      return tables(guest.machine());
    }
  }

  /** What is in memory, by signature, without addresses and the checksums that cover them. */
  private static Map<String, String> tables(Machine machine) {
    long rsdp = rsdp(machine);
    assertEquals(0, sum(machine.peek(rsdp, HEADER)), "the RSDP's checksum");
    Map<String, String> tables = new LinkedHashMap<>();
    ByteBuffer xsdt = table(machine, number(machine.peek(rsdp, HEADER)).getLong(24));
    for (int at = HEADER; at < xsdt.capacity(); at += Long.BYTES) {
      ByteBuffer table = table(machine, xsdt.getLong(at));
      if (signature(table).equals("FACP")) {
        ByteBuffer dsdt = table(machine, table.getLong(X_DSDT));
        tables.put(signature(dsdt), Arrays.toString(dsdt.array()));
        table.putLong(X_FIRMWARE_CTRL, 0).putLong(X_DSDT, 0).put(CHECKSUM, (byte) 0);
      }
      tables.put(signature(table), Arrays.toString(table.array()));
    }
    return tables;
  }

  private static long rsdp(Machine machine) {
    byte[] wanted = "RSD PTR ".getBytes(StandardCharsets.US_ASCII);
    return machine.platform().memory().stream().filter(bank -> bank.size() != 0).flatMapToLong(bank -> LongStream.iterate(bank.base(),
        at -> at < bank.end(), at -> at + STEP)).filter(at -> Arrays.equals(machine.peek(at, wanted.length), wanted)).findFirst()
        .orElseThrow();
  }

  private static ByteBuffer number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer table(Machine machine, long at) {
    ByteBuffer table = number(machine.peek(at, number(machine.peek(at, HEADER)).getInt(4)));
    assertEquals(0, sum(table.array()), () -> signature(table) + "'s checksum");
    return table;
  }

  private static String signature(ByteBuffer table) {
    return new String(table.array(), 0, 4, StandardCharsets.US_ASCII);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte each : bytes) {
      sum += each;
    }
    return sum & 0xFF;
  }

  /** Who makes tables is asked at each start, and only then. */
  @Test
  void withoutWhoMakesTablesTheLaunchIsRefused() throws IOException {
    LaunchRequest request = debian(RequestBuilder.of("virt").boardOption("gic", "3"), "xenolith").build();
    try (GuestMachine guest = GuestMachine.launch(request)) {
      Change gone = product.change().remove("org.xenolith.firmware.acpi.topology");
      assertTrue(gone.done(), gone::reason);
      guest.runUntil("ACPI: Interpreter enabled");
      RuntimeException refused = assertThrows(RuntimeException.class, () -> GuestMachine.launch(request)
          .close());
      assertTrue(refused.getMessage().contains("firmware.acpi.topology") && refused.getMessage().contains("tables"), refused::getMessage);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.firmware.acpi.topology"))).done());
    }
  }
}
