// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlReader;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.TopologyFormat.Imported;
import org.xenolith.platform.api.TopologyFormat.Memory;

/** Makes a device tree of a machine's tables: one that says of the machine what they say. */
final class TablesToTree implements FoundMachine {
  private final TableSet tables;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Integer> phandles = new LinkedHashMap<>();
  private final Map<Integer, Integer> clocks = new TreeMap<>();
  private final AmlNamespace namespace;
  private final List<FoundDevice> devices;
  private final TreeNodes nodes = new TreeNodes();

  private TablesToTree(TableSet tables) {
    this.tables = tables;
    namespace = parsed();
    devices = new DeviceSearch(this).devices();
  }

  /**
   * The tree of tables.
   *
   * @throws PlatformException if they are no tables of a machine
   */
  static Imported of(TableSet tables, AcpiParts parts, Memory memory) {
    if (tables.find("APIC").isEmpty()) {
      throw new PlatformException("there is no MADT (signature APIC) among the " + tables.tables().size()
          + " tables, so that no processor is known; give all tables of one machine");
    }
    try {
      return new TablesToTree(tables).tree(parts, memory);
    } catch (AcpiException e) {
      throw new PlatformException(e.getMessage(), e);
    }
  }

  /** A table whose code doesn't parse is named and left out: the others say what they say. */
  private AmlNamespace parsed() {
    List<AcpiTable> readable = new ArrayList<>();
    for (AcpiTable table : tables.definitions()) {
      try {
        AmlReader.read(table);
        readable.add(table);
      } catch (AcpiException e) {
        findings.add(new Finding(Severity.ERROR, e.table() + ", offset 0x" + Long.toHexString(e.offset()), e.what(), e.remedy()));
      }
    }
    try {
      return AmlNamespace.of(readable);
    } catch (AcpiException e) {
      findings.add(new Finding(Severity.ERROR, e.table() + ", offset 0x" + Long.toHexString(e.offset()), e.what(), e.remedy()));
      return AmlNamespace.ofTerms(List.of());
    }
  }

  private Imported tree(AcpiParts parts, Memory memory) {
    ControllerNodes controller = new ControllerNodes(this);
    ProcessorNodes processors = new ProcessorNodes(this, controller);
    RequesterMaps requesters = new RequesterMaps(this, controller);
    DeviceNodes described = new DeviceNodes(this, controller, requesters, parts, nodes);
    described.add();
    String console = new ConsoleChoice(this, described).path();
    new BridgeNodes(this, controller, requesters, parts, nodes).add();
    requesters.smmus(nodes);
    new TimerNodes(this, controller).add(nodes);
    processors.add(nodes);
    controller.add(nodes);
    unknownTables();
    List<FdtNode> all = new ArrayList<>();
    if (!console.isEmpty()) {
      all.add(new FdtNode("aliases", List.of(FdtProperty.ofStrings("serial0", console)), List.of()));
      all.add(new FdtNode("chosen", List.of(FdtProperty.ofStrings("stdout-path", console)), List.of()));
    }
    clocks.forEach((hertz, phandle) -> all.add(new FdtNode("clock-" + hertz, List.of(FdtProperty.ofStrings("compatible", "fixed-clock"),
        FdtProperty.ofCells("#clock-cells", 0), FdtProperty.ofCells("clock-frequency", hertz), FdtProperty.ofCells("phandle", phandle)),
        List.of())));
    all.add(ram(memory));
    all.addAll(nodes.withPhandles(phandles));
    return new Imported(Fdt.of(new FdtNode("", root(), all)), findings);
  }

  private List<FdtProperty> root() {
    AcpiTable table = tables.find("FACP").orElse(tables.tables().getFirst());
    String maker = table.structure().text(TableHeader.OEM_ID);
    String board = table.structure().text(TableHeader.OEM_TABLE_ID);
    return List.of(FdtProperty.ofStrings("model", maker + " " + board),
        FdtProperty.ofStrings("compatible", word(maker) + "," + word(board)), FdtProperty.ofCells("#address-cells", 2),
        FdtProperty.ofCells("#size-cells", 2), FdtProperty.ofCells("interrupt-parent", phandle(ControllerNodes.PLACE)));
  }

  /** As a value of {@code compatible} is spelled. */
  private static String word(String text) {
    StringBuilder word = new StringBuilder();
    for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
      word.append(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ? c : '-');
    }
    return word.isEmpty() ? "unknown" : word.toString();
  }

  private FdtNode ram(Memory memory) {
    long base = memory.base().isPresent() ? memory.base().getAsLong() : nodes.free(memory.bytes());
    findings.add(new Finding(Severity.NOTE, "/memory@" + Long.toHexString(base), "tables say no memory; " + (memory.bytes() >> 20)
        + " MiB at 0x" + Long.toHexString(base) + " were taken", "say the machine's own with " + option("memory") + " and " + option(
            "memory-at")));
    return new FdtNode("memory@" + Long.toHexString(base), List.of(FdtProperty.ofStrings("device_type", "memory"),
        FdtProperty.ofU64("reg", base, memory.bytes())), List.of());
  }

  private void unknownTables() {
    for (AcpiTable table : tables.tables()) {
      switch (table.signature()) {
        case "APIC", "FACP", "GTDT", "SPCR", "DBG2", "MCFG", "IORT", "PPTT", "DSDT", "SSDT" -> {
          if (!table.checksumIsRight()) {
            untold(table.signature(), "its bytes don't sum up to 0", "take it again from the machine, if that wasn't meant");
          }
        }
        case "RSDP", "RSDT", "XSDT", "FACS" -> {
        }
        default -> untold(table.signature(), "what this table says isn't looked at", "see it with \"acpi dump\"");
      }
    }
  }

  @Override
  public TableSet tables() {
    return tables;
  }

  @Override
  public AmlNamespace namespace() {
    return namespace;
  }

  @Override
  public List<FoundDevice> devices() {
    return devices;
  }

  @Override
  public int phandle(String path) {
    return phandles.computeIfAbsent(path, each -> next());
  }

  @Override
  public int clock(int hertz) {
    return clocks.computeIfAbsent(hertz, each -> next());
  }

  private int next() {
    return phandles.size() + clocks.size() + 1;
  }

  @Override
  public void untold(String place, String what, String remedy) {
    Finding one = new Finding(Severity.WARNING, place, what, remedy);
    if (!findings.contains(one)) {
      findings.add(one);
    }
  }
}
