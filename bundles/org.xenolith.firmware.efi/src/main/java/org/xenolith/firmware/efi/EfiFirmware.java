// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import java.util.List;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableStore;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.DeviceState;

/**
 * EFI firmware as an operating system meets it after ExitBootServices: its runtime services, made of what fills the roles at its node.
 * What firmware tells of itself is kept here, and nothing else.
 */
final class EfiFirmware implements DeviceModel, RuntimeServices, DescribedFirmware {
  private final DeviceState state = new DeviceState();
  private final VariablesPort variables;
  private final ClockPort clock;
  private final RuntimeServicesPort services;
  private final PowerPort power;
  private final FirmwareDescriptionPort descriptions;
  /** Null while there is no system table. */
  private FirmwareDescription description;

  EfiFirmware(DeviceContext context) {
    variables = context.port(VariablesPort.class);
    clock = context.port(ClockPort.class);
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

  /** Whoever calls runtime services runs after boot services; a store that has come back since then doesn't know that yet. */
  private VariableStore store() {
    variables.exitBootServices();
    return variables;
  }

  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    return store().getVariable(name, bufferSize);
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return store().getNextVariableName(previous, bufferSize);
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return store().setVariable(name, attributes, data);
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    return store().queryVariableInfo(attributes);
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() { return store().getNextHighMonotonicCount(); }

  @Override
  public TimeAnswer getTime() { return clock.getTime(); }

  @Override
  public EfiStatus setTime(EfiTime time) {
    return clock.setTime(time);
  }

  @Override
  public WakeupAnswer getWakeupTime() { return clock.getWakeupTime(); }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return clock.setWakeupTime(enable, time);
  }

  @Override
  public EfiStatus updateCapsule(List<CapsuleHeader> capsules, long scatterGatherList) {
    return EfiStatus.UNSUPPORTED;
  }

  @Override
  public CapsuleAnswer queryCapsuleCapabilities(List<CapsuleHeader> capsules) {
    return CapsuleAnswer.of(EfiStatus.UNSUPPORTED);
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
  public void reset() {
    state.reset();
  }

  @Override
  public void removed() {
    services.detach(this);
    descriptions.detach(this);
  }
}
