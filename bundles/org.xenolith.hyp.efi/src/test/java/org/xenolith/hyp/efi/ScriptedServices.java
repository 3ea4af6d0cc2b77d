// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.WakeupAnswer;

/** Firmware that remembers what it was asked and answers what a test says: a status, and values that go with success. */
final class ScriptedServices implements RuntimeServices {
  static final EfiTime TIME = new EfiTime(2026, 11, 22, 7, 58, 59, 0x5A, 123_456_789, -90, 3, 0xA5);
  static final VariableName NEXT = new VariableName("Next", EfiGuid.of("01020304-0506-0708-090a-0b0c0d0e0f10"));

  final List<String> calls = new ArrayList<>();
  EfiStatus status = EfiStatus.SUCCESS;
  byte[] data = {1, 2, 3};
  VariableName next = NEXT;
  boolean enabled = true;
  boolean pending;
  boolean setsToZero = true;
  SpaceAnswer space = new SpaceAnswer(EfiStatus.SUCCESS, 0x10000, 0x8000, 0x4000);

  private EfiStatus asked(String call) {
    calls.add(call);
    return status;
  }

  private boolean wrong() {
    return status != EfiStatus.SUCCESS;
  }

  @Override
  public TimeAnswer getTime() {
    asked("getTime");
    return wrong() ? TimeAnswer.of(status) : new TimeAnswer(status, TIME, 1, 50_000_000, setsToZero);
  }

  @Override
  public EfiStatus setTime(EfiTime time) { return asked("setTime " + time.equals(TIME)); }

  @Override
  public WakeupAnswer getWakeupTime() {
    asked("getWakeupTime");
    return wrong() ? WakeupAnswer.of(status) : new WakeupAnswer(status, enabled, pending, TIME);
  }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    return asked("setWakeupTime " + enable + " " + (time == null ? "none" : time.equals(TIME)));
  }

  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    asked("getVariable " + name + " " + Long.toUnsignedString(bufferSize));
    return switch (status) {
      case SUCCESS -> new VariableAnswer(status, 0x27, data.length, data);
      case BUFFER_TOO_SMALL -> new VariableAnswer(status, 0x27, data.length, new byte[0]);
      default -> VariableAnswer.of(status);
    };
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    asked("getNextVariableName " + previous + " " + Long.toUnsignedString(bufferSize));
    return switch (status) {
      case SUCCESS -> new NameAnswer(status, next.bytes(), next);
      case BUFFER_TOO_SMALL -> new NameAnswer(status, next.bytes(), null);
      default -> NameAnswer.of(status);
    };
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] bytes) {
    return asked("setVariable " + name + " " + Integer.toHexString(attributes) + " "
        + (bytes.length > 64 ? bytes.length + " bytes" : HexFormat.of().formatHex(bytes)));
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    asked("queryVariableInfo " + Integer.toHexString(attributes));
    return wrong() ? SpaceAnswer.of(status) : space;
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() {
    asked("getNextHighMonotonicCount");
    return wrong() ? CounterAnswer.of(status) : new CounterAnswer(status, 0xFEDC_BA98);
  }

  @Override
  public EfiStatus updateCapsule(List<CapsuleHeader> capsules, long scatterGatherList) {
    return asked("updateCapsule " + capsules + " " + Long.toHexString(scatterGatherList));
  }

  @Override
  public CapsuleAnswer queryCapsuleCapabilities(List<CapsuleHeader> capsules) {
    asked("queryCapsuleCapabilities " + capsules);
    return wrong() ? CapsuleAnswer.of(status) : new CapsuleAnswer(status, 0x12_3456_789AL, ResetType.WARM);
  }

  @Override
  public void resetSystem(ResetType type, long why, byte[] bytes) {
    asked("resetSystem");
  }
}
