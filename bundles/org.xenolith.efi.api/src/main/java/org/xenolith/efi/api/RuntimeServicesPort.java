// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.List;

/**
 * Port of the runtime services, at the firmware's node: what every way in calls. Without a provider a call is NOT_READY, as it may be
 * answered later; capsules are UNSUPPORTED, as a caller may lose an update if it believes otherwise; a reset doesn't happen.
 */
public final class RuntimeServicesPort extends VariableServicesPort<RuntimeServices> implements RuntimeServices {
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
