// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlOpcode;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.PlatformNode;

/** A power button at a PL061 in ACPI: a control-method power button (ACPI 6.5, 4.8.2.2.1.2), which the GPIO controller notifies. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=" + PowerButton.KEYS)
public final class GpioKeysAcpi implements AcpiDeviceKind {
  private static final String ID = "PNP0C0C";

  @Override
  public String prefix() {
    return "PWR";
  }

  @Override
  public Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    List<PlatformNode> keys = machine.platform().children(node.path());
    return keys.size() == 1 && PowerButton.of(machine.platform(), node).size() == 1 ? Optional.empty()
        : Optional.of(new Untold(node.path(), "ACPI has no keys but one power button at a GPIO controller", "boot by device tree"));
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return List.of(Aml.name("_HID", Aml.eisaId(ID)), Aml.name("_UID", Aml.number(device.uid())));
  }


  @Override
  public List<String> hardwareIds() {
    return List.of(ID);
  }

  /** The pin whose event notifies the button: method {@code _Exx} or {@code _Lxx} of a PL061 (ACPI 6.5, 5.6.5.3). */
  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    if (machine.devices().stream().filter(each -> each.id().equals(ID)).findFirst().filter(device::equals).isEmpty()) {
      machine.untold(device.path(), "it is a second power button", "it is left out");
      return Optional.empty();
    }
    AmlName button = AmlName.of(device.path());
    for (FoundDevice controller : machine.devices()) {
      for (int pin = 0; controller.id().equals(Pl061Acpi.ID) && pin < Pl061Acpi.PINS; pin++) {
        if (notifies(machine, AmlName.of(controller.path()), pin, button)) {
          return Optional.of(node(machine.phandle(controller.path()), pin, GpioInterrupt.activeLow(machine, controller.path(), pin)));
        }
      }
    }
    machine.untold(device.path(), "no pin of a PL061 notifies this power button", "it is left out");
    return Optional.empty();
  }

  private static boolean notifies(FoundMachine machine, AmlName controller, int pin, AmlName button) {
    for (String edge : List.of("_E%02X", "_L%02X")) {
      AmlName method = AmlName.of(edge.formatted(pin)).in(controller);
      for (AmlTerm term : machine.namespace().method(method)) {
        if (term instanceof AmlTerm.Operation operation && operation.opcode() == AmlOpcode.NOTIFY
            && operation.operands().getFirst() instanceof AmlTerm.Reference target && isFrom(target.name(), method, button)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A name of one segment is looked for upwards (ACPI 6.5, 5.3). */
  private static boolean isFrom(AmlName name, AmlName method, AmlName button) {
    for (AmlName scope = method; !scope.segments().isEmpty(); scope = scope.parent()) {
      if (name.in(scope).equals(button)) {
        return true;
      }
    }
    return name.in(AmlName.of("\\")).equals(button);
  }

  private static FdtNode node(int controller, int pin, boolean activeLow) {
    FdtNode key = new FdtNode("poweroff", List.of(FdtProperty.ofStrings("label", "GPIO Key Poweroff"),
        FdtProperty.ofCells("linux,code", PowerButton.KEY_POWER), FdtProperty.ofCells("gpios", controller, pin, activeLow ? 1 : 0)),
        List.of());
    return new FdtNode("gpio-keys", List.of(FdtProperty.ofStrings("compatible", PowerButton.KEYS)), List.of(key));
  }
}
