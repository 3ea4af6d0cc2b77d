// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.List;

/**
 * Port of the runtime services, at the firmware's node: what every way in calls. Without a provider a call is NOT_READY, as it may be
 * answered later; capsules are UNSUPPORTED, as a caller may lose an update if it believes otherwise; a reset doesn't happen.
 */
public final class RuntimeServicesPort extends FirmwareRolePort<RuntimeServices> implements RuntimeServices {
  @Override
  public TimeAnswer getTime() { return ask(TimeAnswer.of(EfiStatus.NOT_READY), RuntimeServices::getTime); }

  @Override
  public EfiStatus setTime(EfiTime time) {
    return ask(EfiStatus.NOT_READY, services -> services.setTime(time));
  }

  @Override
  public WakeupAnswer getWakeupTime() { return ask(WakeupAnswer.of(EfiStatus.NOT_READY), RuntimeServices::getWakeupTime); }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return ask(EfiStatus.NOT_READY, services -> services.setWakeupTime(enable, time));
  }

  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    return ask(VariableAnswer.of(EfiStatus.NOT_READY), services -> services.getVariable(name, bufferSize));
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return ask(NameAnswer.of(EfiStatus.NOT_READY), services -> services.getNextVariableName(previous, bufferSize));
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return ask(EfiStatus.NOT_READY, services -> services.setVariable(name, attributes, data));
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    return ask(SpaceAnswer.of(EfiStatus.NOT_READY), services -> services.queryVariableInfo(attributes));
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() {
    return ask(CounterAnswer.of(EfiStatus.NOT_READY), RuntimeServices::getNextHighMonotonicCount);
  }

  @Override
  public EfiStatus updateCapsule(List<CapsuleHeader> capsules, long scatterGatherList) {
    return ask(EfiStatus.UNSUPPORTED, services -> services.updateCapsule(capsules, scatterGatherList));
  }

  @Override
  public CapsuleAnswer queryCapsuleCapabilities(List<CapsuleHeader> capsules) {
    return ask(CapsuleAnswer.of(EfiStatus.UNSUPPORTED), services -> services.queryCapsuleCapabilities(capsules));
  }

  @Override
  public void resetSystem(ResetType type, long status, byte[] data) {
    tell(services -> services.resetSystem(type, status, data));
  }
}
