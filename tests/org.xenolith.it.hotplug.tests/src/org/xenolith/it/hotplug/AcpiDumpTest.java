// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.testkit.FullLane;

/** Debian's own {@code acpidump} in the guest, beside the tables that are made of the machine's topology. */
@FullLane
class AcpiDumpTest {
  private static final Pattern ROW = Pattern.compile("\\s*[0-9A-F]+: ((?:[0-9A-F]{2} ?)+) .*");

  /** Tables by signature, from acpidump's text. */
  private static Map<String, byte[]> tables(String text) {
    Map<String, byte[]> tables = new TreeMap<>();
    String signature = "";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : (text + "\n").split("\r?\n", -1)) {
      Matcher row = ROW.matcher(line + " ");
      if (line.matches("[A-Z0-9]{4} @ 0x[0-9A-F]+.*")) {
        signature = line.substring(0, 4);
        bytes.reset();
      } else if (row.matches()) {
        bytes.writeBytes(HexFormat.of().parseHex(line.substring(line.indexOf(':') + 2, Math.min(line.length(), line.indexOf(':') + 49))
            .replace(" ", "")));
        tables.put(signature, bytes.toByteArray());
      }
    }
    return tables;
  }

  private static TableSet made(Machine machine) {
    Fdt tree = machine.platform().source();
    for (String path : machine.unmodelled()) {
      tree = tree.edit(path, node -> node.withProperty(FdtProperty.ofStrings("status", "disabled")));
    }
    InstalledProduct product = InstalledProduct.get();
    Platform shown = product.service(PlatformReader.class).platform(machine.platform().name(), tree, Map.of());
    return product.service(AcpiDescriber.class).describe(shown, AcpiDescriber.BOARD, OptionalLong.empty()).tables();
  }

  @Test
  void whatItReadsIsWhatIsMade() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").boardOption("pcie", "ecam").boardOption(
        "iommu", "smmuv3").cpus(2).memory(512L << 20).guest("debian").option("package", "acpica-tools").option("firmware", List.of("acpi"))
        .append("cryptomgr.notests xl.shell").build())) {
      guest.runUntil(ShellGuest.PROMPT);
      Map<String, byte[]> seen = tables(guest.command("acpidump"));
      Matcher rsdp = Pattern.compile("ACPI: RSDP 0x([0-9A-F]+)").matcher(guest.command("dmesg"));
      assertTrue(rsdp.find());
      TableSet set = made(guest.machine());
      Map<String, String> expected = new TreeMap<>();
      for (LinkedTables.PlacedTable table : LinkedTables.of(set.tables(), AcpiDescriber.BOARD, Long.parseLong(rsdp.group(1), 16))
          .tables()) {
        if (seen.containsKey(table.table().signature()) || set.find(table.table().signature()).isPresent()) {
          expected.put(table.table().signature(), HexFormat.of().formatHex(table.table().bytes()));
        }
      }
      Map<String, String> read = new TreeMap<>();
      seen.forEach((signature, bytes) -> read.put(signature, HexFormat.of().formatHex(bytes)));
      assertEquals(expected, read);
      assertTrue(read.keySet().containsAll(List.of("APIC", "DSDT", "FACP", "GTDT", "IORT", "MCFG", "PPTT", "SPCR")), read.keySet()
          .toString());
      assertEquals(List.of(), MachineCheck.faults(new TableSet(seen.values().stream().map(AcpiTable::read).toList())));
    }
  }
}
