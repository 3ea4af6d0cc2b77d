// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.kit.DeviceNames;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.regs.RegisterField;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: register}: what a register of a processor or a device has, or a field of it. */
@Component(service = ScenarioCheck.class)
public final class RegisterCheck extends InspectingCheck {
  /** Made by the service component runtime. */
  @Activate
  public RegisterCheck(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    super("register", Set.of("name", "cpu", "device", "field"), inspector, finder);
  }

  @Override
  Found find(Arguments arguments) {
    String name = arguments.need("name");
    if (arguments.text("device").isPresent()) {
      if (arguments.text("cpu").isPresent()) {
        throw new IllegalArgumentException("'device' excludes 'cpu': a register is of one of them");
      }
      return ofDevice(arguments, DeviceNames.device(arguments.on(), arguments.need("device")), name);
    }
    InspectedProcessor processor = arguments.processor();
    List<String> names = processor.registers().stream().map(RegisterDescription::name).toList();
    RegisterDescription register = processor.registers().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException("cpu" + processor.index() + " has no register '" + name + "'" + Texts.near(name, names,
            "; the prompt's word 'regs all' lists them")));
    return found(arguments, name + " of cpu" + processor.index(), register.fields(), processor.value(name)[0]);
  }

  private static Found ofDevice(Arguments arguments, InspectedDevice device, String name) {
    List<String> names = device.registers().stream().map(DeviceRegister::name).distinct().toList();
    DeviceRegister register = device.registers().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(device.name() + (names.isEmpty() ? " has no registers: no model with tables is there"
            : " has no register '" + name + "'" + Texts.near(name, names, "; it has " + Texts.list(names)))));
    long value = device.value(register).orElseThrow(() -> new IllegalArgumentException(name + " of " + device.name()
        + " is made when it is read: nothing is stored that could be checked"));
    return found(arguments, name + " of " + device.name(), register.fields(), value);
  }

  private static Found found(Arguments arguments, String what, List<RegisterField> fields, long value) {
    if (arguments.text("field").isEmpty()) {
      return new Found(what, value);
    }
    String name = arguments.need("field");
    RegisterField field = fields.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(what + " has no field '" + name + "'; it has " + Texts.list(fields.stream().map(
            RegisterField::name).toList())));
    if (field.high() >= Long.SIZE) {
      throw new IllegalArgumentException(what + ": " + name + " is above bit 63; only the lowest 64 bits can be checked");
    }
    return new Found(name + " in " + what, value >>> field.low() & -1L >>> Long.SIZE - field.width());
  }
}
