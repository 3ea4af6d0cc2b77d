// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import org.xenolith.efi.api.BootPhase;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.kit.ComposedServices;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.DeviceState;

/**
 * EFI firmware as an operating system meets it after ExitBootServices: its runtime services, made of what fills the roles at its node.
 * What firmware tells of itself is kept here, and nothing else.
 */
final class EfiFirmware extends ComposedServices implements DeviceModel, DescribedFirmware {
  private final DeviceState state = new DeviceState();
  private final RuntimeServicesPort services;
  private final PowerPort power;
  private final FirmwareDescriptionPort descriptions;
  /** Null while there is no system table. */
  private FirmwareDescription description;

  EfiFirmware(DeviceContext context) {
    this(context, context.port(VariablesPort.class), context.port(BootPhasePort.class));
  }

  private EfiFirmware(DeviceContext context, VariablesPort variables, BootPhase phase) {
    super(() -> ready(variables, phase), context.port(ClockPort.class));
    services = context.port(RuntimeServicesPort.class);
    power = context.power();
    descriptions = context.port(FirmwareDescriptionPort.class);
    state.varying("description", () -> description = null, () -> DescriptionRecord.encode(description),
        bytes -> description = DescriptionRecord.decode(bytes));
    services.attach(this, context);
    descriptions.attach(this, context);
  }

  @Override
  public FirmwareDescription description() {
    return description;
  }

  @Override
  public void describe(FirmwareDescription told) {
    description = told;
  }

  /**
   * Whoever calls runtime services runs after boot services, unless there is firmware that has them; a store that has come back since they ended doesn't
   * know that yet.
   */
  private static VariableServices ready(VariablesPort variables, BootPhase phase) {
    if (!phase.hasBootServices()) {
      variables.exitBootServices();
    }
    return variables;
  }

  /** A warm reset is a cold one, as the specification lets firmware that has none do (UEFI 2.10, 8.5.1). */
  @Override
  public void resetSystem(ResetType type, long status, byte[] data) {
    if (type == ResetType.SHUTDOWN) {
      power.powerOff();
    } else {
      power.reset("EFI ResetSystem " + type + (status == 0 ? "" : ", status 0x" + Long.toHexString(status)));
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    services.detach(this);
    descriptions.detach(this);
  }
}
