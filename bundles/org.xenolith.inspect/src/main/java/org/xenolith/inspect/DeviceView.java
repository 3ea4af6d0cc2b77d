// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.StoredRegister;

/** A device of a machine. */
record DeviceView(Machine machine, String name, String model) implements InspectedDevice {
  @Override
  public List<DeviceRegister> registers() {
    return machine.registers(name).stream().map(DeviceView::description).toList();
  }

  private static DeviceRegister description(StoredRegister register) {
    return new DeviceRegister(register.window(), register.name(), register.offset(), register.bytes(), register.reference(), register
        .words()
        .title(), register.words().fields());
  }

  @Override
  public OptionalLong value(DeviceRegister register) {
    return machine.stored(name, new StoredRegister(register.window(), register.name(), register.offset(), register.bytes(), register
        .reference(), OptionalLong.empty()));
  }
}
