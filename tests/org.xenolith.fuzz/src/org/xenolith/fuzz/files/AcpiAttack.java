// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.TableText;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlReader;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.AmlWriter;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.firmware.acpi.topology.ReadTables;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.TopologyFormat.Imported;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** ACPI tables: what is read is checked, shown, written again, its namespace walked, and a topology made of it. */
public final class AcpiAttack implements Attack {
  private static final String PLACE = ", offset 0x[0-9a-f]+: .*; ";
  private static final TableIdentity MAKER = new TableIdentity("FUZZED", "TABLES", 1, "FUZZ", 1);
  /** First bytes of inputs that are tables themselves: a letter, as signatures have; all else are edits of our own board's. */
  private static final List<List<String>> BOARDS = List.of(List.of("gic=2", "virtio=1", "pcie=ecam"),
      List.of("gic=3", "virtio=1", "pcie=ecam", "its=on", "iommu=smmuv3"));
  private final PlatformLoaderComponent loader = new PlatformLoaderComponent(null);
  private final byte[][] boards = new byte[BOARDS.size()][];
  private AcpiParts parts;

  @Override
  public String word() {
    return "acpi";
  }

  @Override
  public String says() {
    return "ACPI tables one after another or as acpidump's text, or changes of our own board's: read, checked, shown, written, their "
        + "namespace walked, made a topology";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.acpi.**", "org.xenolith.firmware.**");
  }

  @Override
  public void fresh() {
    Arrays.fill(boards, null);
  }

  @Override
  public List<String> execute(byte[] input) {
    byte[] bytes = input.length > 0 && input[0] >= 'A' && input[0] <= 'Z' ? input : changed(input);
    Reading reading = new Reading(bytes);
    TableSet[] set = new TableSet[1];
    if (!reading.done("the reader", PLACE, List.of(AcpiException.class), () -> set[0] = TableSet.read(bytes))) {
      return reading.wrong();
    }
    reading.done("the check", "", List.of(), () -> MachineCheck.faults(set[0]));
    for (AcpiTable table : set[0].tables()) {
      reading.done("text of " + table.signature(), PLACE, List.of(AcpiException.class), () -> TableText.lines(table));
      reading.done("writing " + table.signature(), "", List.of(), () -> reading.expect(Arrays.equals(table.structure().bytes(),
          StructureBuilder.of(table.structure()).bytes()), table.signature() + " that was written is another one"));
    }
    set[0].definitions().forEach(table -> reading.done("byte code of " + table.signature(), PLACE, List.of(AcpiException.class),
        () -> reading.expect(AmlReader.read(written(AmlReader.read(table))).equals(AmlReader.read(table)),
            "the byte code that was written means something else")));
    reading.done("the namespace", PLACE, List.of(AcpiException.class), () -> walk(reading, AmlNamespace.of(set[0].definitions())));
    topology(reading, set[0]);
    return reading.wrong();
  }

  private static AcpiTable written(List<AmlTerm> terms) {
    return AcpiTable.of(AcpiTable.header(Definition.SSDT, 2, MAKER).add(Definition.AML, AmlWriter.write(terms)));
  }

  private static void walk(Reading reading, AmlNamespace namespace) {
    for (AmlName device : namespace.devices()) {
      namespace.id(device, "_HID");
      namespace.constant(device, "_PRT");
      reading.done("_CRS of " + device, PLACE, List.of(AcpiException.class), () -> namespace.resources(device));
    }
  }

  private void topology(Reading reading, TableSet set) {
    Imported[] imported = new Imported[1];
    if (!reading.done("the import", "; ", List.of(PlatformException.class), () -> imported[0] = ReadTables.tree(set, parts()))) {
      return;
    }
    reading.expect(imported[0].findings().stream().noneMatch(each -> each.node().isEmpty() || each.what().isEmpty()
        || each.remedy().isEmpty()), "a finding of the import has no place, no fault or no remedy");
    reading.done("the tree", "", List.of(), () -> reading.expect(FdtReader.read(FdtWriter.write(imported[0].tree()))
        .equals(imported[0].tree()), "the tree that was written and read again is another one"));
    reading.done("the loader", "input is no usable platform:\n  /[^\n]*: [^\n]+; ", List.of(PlatformException.class),
        () -> loader.platform("input", imported[0].tree(), Map.of()));
  }

  private byte[] changed(byte[] input) {
    InputBytes in = new InputBytes(input);
    int which = in.next() % BOARDS.size();
    if (boards[which] == null) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      AcpiTables.of(loader.platform("virt", FileWorld.board().tree(BoardRequest.of(2, 64 << 20, BOARDS.get(which))), Map.of()), parts(),
          AcpiSetting.of(MAKER)).set().tables().forEach(table -> all.writeBytes(table.bytes()));
      boards[which] = all.toByteArray();
    }
    byte[] bytes = boards[which];
    while (!in.end()) {
      bytes = Edits.bytes(in, bytes);
    }
    return bytes;
  }

  private AcpiParts parts() {
    if (parts == null) {
      List<AcpiTableBuilder> builders = new ArrayList<>();
      FileWorld.components().stream().filter(each -> each.provides(AcpiTableBuilder.class))
          .forEach(each -> builders.add(each.make(AcpiTableBuilder.class)));
      parts = new AcpiParts(builders, kinds(AcpiDeviceKind.class), kinds(AcpiBridgeKind.class));
    }
    return parts;
  }

  private static <T> Map<String, T> kinds(Class<T> type) {
    Map<String, T> all = new HashMap<>();
    for (InstalledComponent component : FileWorld.components()) {
      if (component.provides(type)) {
        T kind = component.make(type);
        component.properties().get(AcpiDeviceKind.COMPATIBLE).forEach(name -> all.put(name, kind));
      }
    }
    return all;
  }
}
