// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.util.List;
import java.util.function.Supplier;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.api.WakeupAnswer;

/** Runtime services that are made of variables and a clock, and have no capsules. What a reset does is the subclass' to say. */
public abstract class ComposedServices implements RuntimeServices {
  private final Supplier<? extends VariableServices> variables;
  private final TimeServices clock;

  /** @param variables are asked for at each call, which comes after boot services */
  protected ComposedServices(Supplier<? extends VariableServices> variables, TimeServices clock) {
    this.variables = variables;
    this.clock = clock;
  }

  @Override
  public final VariableAnswer getVariable(VariableName name, long bufferSize) {
    return variables.get().getVariable(name, bufferSize);
  }

  @Override
  public final NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return variables.get().getNextVariableName(previous, bufferSize);
  }

  @Override
  public final EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return variables.get().setVariable(name, attributes, data);
  }

  @Override
  public final SpaceAnswer queryVariableInfo(int attributes) {
    return variables.get().queryVariableInfo(attributes);
  }

  @Override
  public final CounterAnswer getNextHighMonotonicCount() { return variables.get().getNextHighMonotonicCount(); }

  @Override
  public final TimeAnswer getTime() { return clock.getTime(); }

  @Override
  public final EfiStatus setTime(EfiTime time) {
    return clock.setTime(time);
  }

  @Override
  public final WakeupAnswer getWakeupTime() { return clock.getWakeupTime(); }

  @Override
  public final EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return clock.setWakeupTime(enable, time);
  }

  @Override
  public final EfiStatus updateCapsule(List<CapsuleHeader> capsules, long scatterGatherList) {
    return unsupported(capsules);
  }

  @Override
  public final CapsuleAnswer queryCapsuleCapabilities(List<CapsuleHeader> capsules) {
    return CapsuleAnswer.of(unsupported(capsules));
  }

  /** Flags that don't go together are wrong for any kind of capsule. */
  private static EfiStatus unsupported(List<CapsuleHeader> capsules) {
    return capsules.stream().allMatch(CapsuleHeader::isCompatible) ? EfiStatus.UNSUPPORTED : EfiStatus.INVALID_PARAMETER;
  }
}
