// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/** The system registers of one CPU that live in devices, and which device answers for each. */
final class RegisterSlots {
  private final Map<Integer, RegisterSlot> slots = new HashMap<>();

  /** The permanent slot of an encoding. */
  RegisterSlot slot(int id) {
    return slots.computeIfAbsent(id, RegisterSlot::new);
  }

  /** Who answers for an encoding, or null. */
  @Nullable
  SystemRegisterHandler handler(int id) {
    RegisterSlot slot = slots.get(id);
    return slot == null ? null : slot.handler;
  }

  /** What the device reads that answers for an encoding, for another device; 0 where it refuses. */
  long read(ArmCpu cpu, int id) {
    try {
      return slots.get(id).handler.read(cpu, id);
    } catch (SystemRegisterTrap refused) {
      return 0;
    }
  }

  void claim(SystemRegisterHandler handler, int... ids) {
    for (int id : ids) {
      RegisterSlot slot = slot(id);
      if (SysReg.of(id) != null) {
        throw new IllegalArgumentException(SysReg.of(id) + " belongs to the CPU: a device can't claim it");
      }
      if (slot.handler != null && slot.handler != handler) {
        throw new IllegalArgumentException(SystemRegister.name(id) + " is claimed by another device already");
      }
      slot.handler = handler;
    }
  }

  void release(SystemRegisterHandler handler) {
    slots.values().forEach(slot -> {
      if (slot.handler == handler) {
        slot.handler = null;
      }
    });
  }
}
