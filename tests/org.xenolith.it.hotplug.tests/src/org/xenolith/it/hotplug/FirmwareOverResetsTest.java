// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.command.api.BadInput;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Firmware acts when a machine is reset: tables are made, consoles enabled. A small program resets its machine again and again while all that
 * takes part in that is replaced, removed and put back.
 */
@FullLane
class FirmwareOverResetsTest {
  /** Of the table builders, none is a model in the machine. */
  private static final List<String> BUILDERS = List.of("firmware.acpi.boot", "firmware.acpi.console", "firmware.acpi.namespace",
      "firmware.acpi.pci", "firmware.acpi.processors", "firmware.acpi.topology");
  /** Keeps those of the machine, and under a hypervisor those of domains. */
  private static final String VARIABLES = "efi.variables";
  private static final List<String> MODELS = List.of("firmware.efi", VARIABLES, "efi.direct", "efi.clock.pl031",
      "efi.console.pl011");
  private static final int ROUNDS = Lane.full() ? 50 : 3;
  /** Some lives of the programs. */
  private static final RunLimit LONG_ENOUGH = new RunLimit(Long.MAX_VALUE, 200);
  private static final int RAM = 64 << 20;
  private static final long RAM_BASE = 0x4000_0000L;
  /** Of a hypervisor, at the end of RAM. */
  private static final int KEPT = 2 << 20;
  /** More than firmware leaves, below that. */
  private static final int LEFT = 256 << 10;
  /** Writes whether its UART is on (L) or off (N), and resets the machine. */
  private static final String PROGRAM = """
      mov x10, #0x9000000
      mov w11, #0x4e
      ldr w12, [x10, #0x30]
      tbz w12, #0, told
      mov w11, #0x4c
      told: strb w11, [x10]
      mov w11, #0x0a
      strb w11, [x10]
      mov w0, #9
      movk w0, #0x8400, lsl #16
      hvc #0
      stay: b stay
      """;

  /** The same as Dom0, whose console is the hypervisor's (hypercall 18, console_io), which sets the UART up itself. */
  private static final String DOM0 = """
      mov x16, #18
      mov x0, #0
      mov x1, #2
      adr x2, text
      hvc #0xea1
      mov w0, #9
      movk w0, #0x8400, lsl #16
      hvc #0
      stay: b stay
      text: .word 0x0a4c
      """;

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine launch(boolean hypervisor) throws IOException {
    return GuestMachine.launch(request(hypervisor).build());
  }

  private RequestBuilder request(boolean hypervisor) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | 64 / 4).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, 0x644d5241);
    image.put(64, Assembler.program(0, hypervisor ? DOM0 : PROGRAM).bytes());
    return RequestBuilder.of("virt").boardOption("gic", "3").boardOption("iommu", "smmuv3").cpus(2).memory(RAM)
        .hypervisor(hypervisor)
        .option("pci", "1.0=root-port 2.0=rogue").option("firmware", "acpi").option("efi-variables", folder.resolve("vars.img").toString())
        .kernel(Files.write(folder.resolve("Image"), image.array())).bootsAgain(true);
  }

  /** What firmware and loader left, when the program has just said that it runs. */
  private static byte[] life(GuestMachine guest, char uart, int kept) {
    guest.runUntil(uart + "\n");
    return guest.machine().peek(RAM_BASE + RAM - kept - LEFT, LEFT);
  }

  private static boolean holds(byte[] memory, String signature) {
    return new String(memory, StandardCharsets.ISO_8859_1).contains(signature);
  }

  private static String bundle(String suffix) {
    return "org.xenolith." + suffix;
  }

  private void back(String suffix) throws IOException {
    Change added = product.change().add(new ByteArrayInputStream(product.jar(bundle(suffix))));
    assertTrue(added.done(), added::toString);
  }

  private void removed(String suffix) {
    Change removed = product.change().remove(bundle(suffix));
    assertTrue(removed.done(), removed::toString);
  }

  @Test
  void eachResetIsServedByTheVersionsThatAreInstalledThen() throws IOException {
    replaced(false, MODELS);
  }

  @Test
  void andSoIsThatOfTheHost() throws IOException {
    replaced(true, Stream.concat(MODELS.stream(), Stream.of("hyp.build.arm.acpi", "hyp.efi", "hyp.efi.direct",
        "hyp.platform")).toList());
  }

  private void replaced(boolean hypervisor, List<String> models) throws IOException {
    Map<String, byte[][]> versions = new HashMap<>();
    for (List<String> some : List.of(BUILDERS, models)) {
      for (String suffix : some) {
        byte[] jar = product.jar(bundle(suffix));
        versions.put(suffix, new byte[][] {JarEdit.version(jar, "1.0.1"), JarEdit.version(jar, "1.0.2")});
      }
    }
    try (GuestMachine guest = launch(hypervisor)) {
      byte[] first = life(guest, 'L', hypervisor ? KEPT : 0);
      for (String signature : List.of("XSDT", "FACP", "APIC", "GTDT", "SPCR", "DBG2", "MCFG", "IORT", "DSDT", "IBI SYST")) {
        assertTrue(holds(first, signature), signature);
      }
      for (int round = 0; round < ROUNDS; round++) {
        String version = "1.0." + (1 + round % 2);
        for (Map.Entry<String, byte[][]> each : versions.entrySet()) {
          Change done = product.change().replace(bundle(each.getKey()), new ByteArrayInputStream(each.getValue()[round % 2]));
          assertTrue(done.done(), done::toString);
          assertEquals(!models.contains(each.getKey()) ? 0 : each.getKey().equals(VARIABLES) && hypervisor ? 2 : 1, done.devices(),
              done::toString);
          MarkedCode.forget(bundle(each.getKey()));
        }
        assertArrayEquals(first, life(guest, 'L', hypervisor ? KEPT : 0), "round " + round);
        versions.keySet().forEach(suffix -> assertEquals(version, MarkedCode.served(bundle(suffix)), suffix));
      }
      assertEquals(ROUNDS, guest.machine().events().get("machine-reset"));
      for (String kind : List.of("model-failed", "model-refused", "reset-failed", "bundle-leaks")) {
        assertNull(guest.machine().events().get(kind), guest::events);
      }
    }
  }

  /** What memory lacks without a bundle, and a node that then isn't told of. */
  private record Away(String bundle, List<String> missing, String untold) {}

  @Test
  void whatIsAwayAtAResetIsMissingUntilTheNextOne() throws IOException {
    try (GuestMachine guest = launch(false)) {
      byte[] whole = life(guest, 'L', 0);
      for (Away away : List.of(new Away("firmware.acpi.console", List.of("SPCR", "DBG2"), ""), new Away("firmware.acpi.pci", List.of("MCFG",
          "IORT"), "/smmuv3@9050000"), new Away("firmware.acpi.namespace", List.of("DSDT"), "/pcie@10000000"), new Away(
              "firmware.acpi.processors", List.of("FACP", "APIC", "GTDT"), "/timer"), new Away("efi.direct", List
                  .of("RUNTSERV"), ""))) {
        removed(away.bundle);
        int before = guest.events().length();
        byte[] left = life(guest, 'L', 0);
        String told = guest.events().substring(before);
        away.missing.forEach(what -> assertTrue(holds(whole, what) && !holds(left, what), what + " without " + away.bundle));
        assertTrue(told.contains("acpi-untold " + away.untold), told);
        back(away.bundle);
        assertArrayEquals(whole, life(guest, 'L', 0), away.bundle);
      }
      // Our UART begins as firmware leaves one: nobody is missed who enables it.
      removed("efi.console.pl011");
      life(guest, 'L', 0);
      back("efi.console.pl011");
      life(guest, 'L', 0);
    }
  }

  @Test
  void aMachineThatNobodyCanDescribeIsNotBootedByItsTree() throws IOException {
    Map<String, String> reasons = Map.of("firmware.acpi.boot", " acpi: no bundle that is installed has this firmware any more",
        "firmware.acpi.topology", bundle("firmware.acpi.topology"));
    for (String suffix : reasons.keySet()) {
      try (GuestMachine guest = launch(false)) {
        life(guest, 'L', 0);
        removed(suffix);
        assertEquals(StopReason.RESET, guest.machine().run(LONG_ENOUGH), guest::events);
        assertTrue(guest.events().contains("reset-failed machine: it can't be booted again: ") && guest.events().contains(reasons.get(
            suffix)),
            guest::events);
        back(suffix);
      }
    }
  }

  /** Neither at the launch nor at a reset, but if that is asked for. */
  @Test
  void aDom0ThatNobodyCanBuildByTheTablesIsNotBuiltByTheTree() throws IOException {
    String reason = "no builder that is installed takes it. ";
    try (GuestMachine guest = launch(true)) {
      life(guest, 'L', KEPT);
      removed("hyp.build.arm.acpi");
      assertEquals(StopReason.RESET, guest.machine().run(LONG_ENOUGH), guest::events);
      assertTrue(guest.events().contains("reset-failed machine: it can't be booted again: domain Domain-0: " + reason), guest::events);
    }
    String refused = assertThrows(BadInput.class, () -> launch(true)).getMessage();
    assertTrue(refused.contains(reason) && refused.contains("arm.dt.dom0: it would have nothing of the ACPI tables that the machine's"
        + " firmware left; add a bundle that builds by them, as " + bundle("hyp.build.arm.acpi") + ", or have it without by "
        + option("dom0-builder") + " arm.dt.dom0"), refused);
    try (GuestMachine guest = GuestMachine.launch(request(true).option("dom0-builder", "arm.dt.dom0").build())) {
      life(guest, 'L', KEPT);
      life(guest, 'L', KEPT);
    }
  }
}
