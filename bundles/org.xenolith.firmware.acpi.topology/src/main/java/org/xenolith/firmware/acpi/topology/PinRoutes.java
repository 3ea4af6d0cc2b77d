// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;

/** {@code interrupt-map} of {@code _PRT} (ACPI 6.5, 6.2.13), with as few rows as say it. */
final class PinRoutes {
  private static final int DEVICES = 32;
  private static final int PINS = 4;
  private static final int DEVICE_SHIFT = 11;
  private static final int PIN_MASK = 7;
  /** Device, pin, source, index. */
  private static final int ELEMENTS = 4;

  private final TablesToTree machine;
  private final ControllerNodes controller;
  private final AmlName bridge;

  PinRoutes(TablesToTree machine, ControllerNodes controller, AmlName bridge) {
    this.machine = machine;
    this.controller = controller;
    this.bridge = bridge;
  }

  List<FdtProperty> properties() {
    AmlName path = AmlName.of("_PRT").in(bridge);
    if (machine.namespace().find(path).isEmpty()) {
      return List.of();
    }
    List<AmlTerm> entries = machine.namespace().constant(bridge, "_PRT").map(DeviceSearch::elements).orElse(List.of());
    if (entries.isEmpty()) {
      machine.untold(path.toString(), "it is a method that would have to be executed, or an empty package",
          "write interrupt-map into the topology");
      return List.of();
    }
    AcpiInterrupt[][] routes = new AcpiInterrupt[DEVICES][PINS];
    entries.forEach(entry -> enter(path, entry, routes));
    int period = period(routes);
    List<Integer> map = new ArrayList<>();
    for (int device = 0; device < period; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        if (routes[device][pin] != null) {
          map.addAll(List.of(device << DEVICE_SHIFT, 0, 0, pin + 1, machine.phandle(ControllerNodes.PLACE), 0, 0));
          Arrays.stream(controller.cells(routes[device][pin])).forEach(map::add);
        }
      }
    }
    return map.isEmpty() ? List.of() : List.of(FdtProperty.ofCells("interrupt-map-mask", period - 1 << DEVICE_SHIFT, 0, 0, PIN_MASK),
        FdtProperty.ofCells("interrupt-map", map.stream().mapToInt(Integer::intValue).toArray()));
  }

  private void enter(AmlName path, AmlTerm entry, AcpiInterrupt[][] routes) {
    List<AmlTerm> parts = DeviceSearch.elements(entry);
    Optional<AcpiInterrupt> interrupt = parts.size() == ELEMENTS ? target(parts.get(2), parts.get(3)) : Optional.empty();
    if (interrupt.isEmpty() || !(parts.getFirst() instanceof AmlTerm.Number address) || !(parts.get(1) instanceof AmlTerm.Number pin)
        || address.value() >>> 16 >= DEVICES || pin.value() < 0 || pin.value() >= PINS) {
      machine.untold(path.toString(), "an entry isn't a device, a pin and where that leads", "write the row into interrupt-map");
      return;
    }
    routes[(int) (address.value() >>> 16)][(int) pin.value()] = interrupt.get();
  }

  /** An interrupt of the GIC itself, which is level-sensitive and active high then, or that of a link device. */
  private Optional<AcpiInterrupt> target(AmlTerm source, AmlTerm index) {
    if (source instanceof AmlTerm.Number && index instanceof AmlTerm.Number gsiv) {
      return Optional.of(new AcpiInterrupt(gsiv.value() & 0xffff_ffffL, false, false));
    }
    if (!(source instanceof AmlTerm.Reference reference)) {
      return Optional.empty();
    }
    for (AmlName scope = bridge;; scope = scope.parent()) {
      AmlName link = reference.name().in(scope);
      if (machine.namespace().find(link).isPresent()) {
        return interrupt(link);
      }
      if (scope.segments().isEmpty()) {
        return Optional.empty();
      }
    }
  }

  private Optional<AcpiInterrupt> interrupt(AmlName link) {
    for (Structure resource : new DeviceSearch(machine).resources(link)) {
      if (resource.layout() == Resource.EXTENDED_INTERRUPT && !resource.all(Resource.NUMBER).isEmpty()) {
        long flags = resource.get(Resource.ExtendedInterrupt.FLAGS);
        return Optional.of(new AcpiInterrupt(resource.all(Resource.NUMBER).getFirst().get(Resource.Number.GSIV),
            (flags & Resource.EDGE) != 0, (flags & Resource.ACTIVE_LOW) != 0));
      }
    }
    return Optional.empty();
  }

  /** After how many devices the routes are the same again: a power of two. */
  private static int period(AcpiInterrupt[][] routes) {
    int period = 1;
    while (period < DEVICES && !repeats(routes, period)) {
      period *= 2;
    }
    return period;
  }

  private static boolean repeats(AcpiInterrupt[][] routes, int period) {
    for (int device = period; device < DEVICES; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        if (!Objects.equals(routes[device][pin], routes[device % period][pin])) {
          return false;
        }
      }
    }
    return true;
  }
}
