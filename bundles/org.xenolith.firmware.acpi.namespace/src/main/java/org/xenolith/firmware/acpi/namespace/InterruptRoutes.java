// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * {@code _PRT} of {@code interrupt-map} (Devicetree Specification 0.4, 2.4.3). An entry names an interrupt itself where that is what
 * operating systems take it for then, level-sensitive and of the machine's polarity, or else a link device that says the trigger.
 */
final class InterruptRoutes {
  private static final int UNIT_CELLS = 3;
  private static final int CHILD_CELLS = UNIT_CELLS + 1;
  private static final int DEVICES = 32;
  private static final int PINS = 4;
  /** Most links of a bridge: one for each pin. */
  private static final int LINKS = DEVICES * PINS;
  private static final int DEVICE_SHIFT = 11;
  private static final int FUNCTION = 0x700;

  /** A row: the fields that count of unit address and pin, and where they lead. */
  private record Row(int unit, int pin, InterruptSpecifier specifier) {}

  private final AcpiMachine machine;
  private final AcpiBridge bridge;
  private final PlatformNode node;
  private final Map<AcpiInterrupt, String> links = new LinkedHashMap<>();

  InterruptRoutes(AcpiMachine machine, AcpiBridge bridge) {
    this.machine = machine;
    this.bridge = bridge;
    node = bridge.node();
  }

  /** Link devices, and {@code _PRT}; nothing for a bridge whose pins lead nowhere. */
  List<AmlTerm> objects() {
    int[] mask = node.property("interrupt-map-mask").filter(cells -> cells.cellCount() >= CHILD_CELLS).map(FdtProperty::cells)
        .orElse(new int[] {0xff00, 0, 0, 7});
    List<Row> rows = rows(mask);
    if (rows.stream().anyMatch(row -> (row.unit() & FUNCTION) != 0)) {
      machine.untold(node, "its interrupt-map tells functions of a device apart, which _PRT can't",
          "route all functions of a device alike");
    }
    List<AmlTerm> routes = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        int unit = device << DEVICE_SHIFT & mask[0];
        int wanted = pin + 1 & mask[UNIT_CELLS];
        Optional<Row> row = rows.stream().filter(each -> each.unit() == unit && each.pin() == wanted).findFirst();
        if (row.isPresent()) {
          route(device, pin, row.get()).ifPresent(routes::add);
        }
      }
    }
    List<AmlTerm> all = new ArrayList<>();
    links.forEach((interrupt, name) -> all.add(link(name, bridge.segment() * LINKS + all.size(), interrupt)));
    if (!routes.isEmpty()) {
      all.add(Aml.name("_PRT", Aml.pack(routes)));
    }
    return all;
  }

  private List<Row> rows(int[] mask) {
    int[] map = node.property("interrupt-map").map(FdtProperty::cells).orElse(new int[0]);
    List<Row> rows = new ArrayList<>();
    for (int at = 0; at < map.length;) {
      int phandle = at + CHILD_CELLS < map.length ? map[at + CHILD_CELLS] : 0;
      PlatformNode controller = machine.platform().byPhandle(phandle).orElseThrow(() -> new PlatformException(node.path()
          + ": interrupt-map: no node has phandle 0x" + Integer.toHexString(phandle) + "; name an interrupt controller"));
      int from = at + CHILD_CELLS + 1 + (int) controller.cell("#address-cells", 0);
      int end = from + (int) controller.cell("#interrupt-cells", 1);
      if (end > map.length) {
        throw new PlatformException(node.path() + ": interrupt-map: the last row is cut off; complete it");
      }
      rows.add(new Row(map[at] & mask[0], map[at + UNIT_CELLS] & mask[UNIT_CELLS], new InterruptSpecifier(controller.path(),
          Arrays.copyOfRange(map, from, end))));
      at = end;
    }
    return rows;
  }

  private Optional<AmlTerm> route(int device, int pin, Row row) {
    Optional<AcpiInterrupt> found = machine.interrupt(row.specifier());
    if (found.isEmpty()) {
      machine.untold(node, "pins lead to " + row.specifier() + ", which is no interrupt of a controller that tables describe",
          "wire them to one");
      return Optional.empty();
    }
    AcpiInterrupt interrupt = found.get();
    if (!interrupt.edge() && interrupt.activeLow() == machine.pinsAreActiveLow()) {
      return Optional.of(Aml.route(device, pin, interrupt.gsiv()));
    }
    String link = links.computeIfAbsent(interrupt, each -> "LN%02X".formatted(links.size()));
    return Optional.of(Aml.pack(Aml.number((long) device << 16 | 0xffff), Aml.number(pin), Aml.reference(link), Aml.number(0)));
  }

  /** A link that can't be set otherwise (ACPI 6.5, 6.2.13). */
  private static AmlTerm link(String name, int uid, AcpiInterrupt interrupt) {
    AmlTerm resources = DeviceObjects.template(List.of(DeviceObjects.interrupt(interrupt)));
    return Aml.device(name, List.of(Aml.name("_HID", Aml.eisaId("PNP0C0F")), Aml.name("_UID", Aml.number(uid)),
        Aml.name("_PRS", resources), Aml.name("_CRS", resources), BridgeMethods.method("_SRS", 1, List.of()),
        BridgeMethods.method("_DIS", 0, List.of())));
  }
}
