// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;

/** The options of one device: what its node says, else what its model's description does. */
record SlotOptions(DeviceSlot slot, ModelDescription description) implements DeviceOptions {
  @Override
  public boolean flag(String name) {
    String value = text(name);
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ModelException(slot.instance() + ": option " + name + ": expected true or false, got " + value);
    };
  }

  @Override
  public long number(String name) {
    String value = text(name);
    try {
      return Long.decode(value);
    } catch (NumberFormatException e) {
      throw new ModelException(slot.instance() + ": option " + name + ": expected a decimal or 0x number, got " + value);
    }
  }

  @Override
  public String text(String name) {
    ModelDescription.Option option = description.options().stream().filter(o -> o.name().equals(name)).findFirst()
        .orElseThrow(() -> new ModelException(description.name() + ": asks for option " + name
            + ", which is not in its description"));
    return slot.node().options().getOrDefault(name, option.initial());
  }
}
