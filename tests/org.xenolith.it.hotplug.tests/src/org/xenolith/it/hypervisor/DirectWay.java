// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.util.HexFormat;
import java.util.List;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.WakeupAnswer;

/**
 * The services as values, without any way of a guest's: what every way must answer.
 *
 * @param services the firmware's
 * @param after    lets as much time pass as a guest's call takes
 */
record DirectWay(RuntimeServices services, Runnable after) implements EfiWay {
  private String told(EfiStatus status, Object rest) {
    after.run();
    return Long.toHexString(status.code()) + " " + rest;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String getTime() {
    TimeAnswer answer = services.getTime();
    return told(answer.status(), answer.time() == null ? "" : hex(answer.time().toBytes()) + " " + answer.resolution() + " "
        + answer.accuracy() + " " + (answer.setsToZero() ? 1 : 0));
  }

  @Override
  public String setTime(byte[] time) {
    return told(services.setTime(EfiTime.ofBytes(time, 0)), "");
  }

  @Override
  public String getWakeupTime() {
    WakeupAnswer answer = services.getWakeupTime();
    return told(answer.status(), answer.time() == null ? "" : hex(answer.time().toBytes()) + " "
        + ((answer.enabled() ? 1 : 0) | (answer.pending() ? 2 : 0)));
  }

  @Override
  public String setWakeupTime(boolean enable, byte[] time) {
    return told(services.setWakeupTime(enable, time == null ? null : EfiTime.ofBytes(time, 0)), "");
  }

  @Override
  public String count() {
    CounterAnswer answer = services.getNextHighMonotonicCount();
    return told(answer.status(), answer.high());
  }

  @Override
  public String get(VariableName name, int room) {
    VariableAnswer answer = services.getVariable(name, room);
    boolean sized = answer.status() == EfiStatus.SUCCESS || answer.status() == EfiStatus.BUFFER_TOO_SMALL;
    return told(answer.status(), (sized ? answer.size() : room) + " " + Integer.toHexString(answer.attributes()) + " " + hex(answer
        .data()));
  }

  @Override
  public String set(VariableName name, int attributes, byte[] data) {
    return told(services.setVariable(name, attributes, data), "");
  }

  @Override
  public String next(VariableName previous, int room) {
    // UEFI 2.10, 8.2.2: the buffer must have the NUL of what is in it
    NameAnswer answer = room < previous.bytes() ? NameAnswer.of(EfiStatus.INVALID_PARAMETER) : services.getNextVariableName(previous, room);
    boolean sized = answer.status() == EfiStatus.SUCCESS || answer.status() == EfiStatus.BUFFER_TOO_SMALL;
    return told(answer.status(), (sized ? answer.size() : room) + " " + (answer.name() == null ? previous : answer.name()));
  }

  @Override
  public String query(int attributes) {
    SpaceAnswer answer = services.queryVariableInfo(attributes);
    return told(answer.status(), answer.maximumStorage() + " " + answer.remainingStorage() + " " + answer.maximumVariable());
  }

  @Override
  public String capsule(byte[] header) {
    CapsuleAnswer answer = services.queryCapsuleCapabilities(List.of(CapsuleHeader.ofBytes(header, 0)));
    EfiStatus update = services.updateCapsule(List.of(CapsuleHeader.ofBytes(header, 0)), 0);
    after.run();
    return told(answer.status(), answer.maximumSize() + " " + Long.toHexString(update.code()));
  }
}
