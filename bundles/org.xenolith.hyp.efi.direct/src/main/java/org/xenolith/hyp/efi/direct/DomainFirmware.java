// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.List;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.SchedOp;

/** The runtime services of one domain: its variables, its clock, and itself to be reset. There are no capsules. */
record DomainFirmware(Domain domain, VariableServices variables, TimeServices clock) implements RuntimeServices {
  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    return variables.getVariable(name, bufferSize);
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return variables.getNextVariableName(previous, bufferSize);
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return variables.setVariable(name, attributes, data);
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    return variables.queryVariableInfo(attributes);
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() { return variables.getNextHighMonotonicCount(); }

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

  @Override
  public void resetSystem(ResetType type, long status, byte[] data) {
    domain.shutdown(type == ResetType.SHUTDOWN ? SchedOp.SHUTDOWN_poweroff : SchedOp.SHUTDOWN_reboot);
  }
}
