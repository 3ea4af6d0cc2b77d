// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableAttributes;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;

/** Zone and daylight saving of a clock that counts UTC and has no place for them: they are in non-volatile variables. */
public record KeptZone(VariableServices variables) {
  /** Who has defined what the variables mean. */
  private static final EfiGuid VENDOR = EfiGuid.of("3f6d7c1a-52b8-4d0e-a1f4-6b0c9e27d583");
  private static final VariableName ZONE = new VariableName("RtcTimeZone", VENDOR);
  private static final VariableName DAYLIGHT = new VariableName("RtcDaylight", VENDOR);
  private static final int KEPT = VariableAttributes.NON_VOLATILE | VariableAttributes.BOOTSERVICE_ACCESS
      | VariableAttributes.RUNTIME_ACCESS;

  private int kept(VariableName name, int bytes, int otherwise) {
    VariableAnswer answer = variables.getVariable(name, bytes);
    if (answer.status() != EfiStatus.SUCCESS || answer.data().length != bytes) {
      return otherwise;
    }
    return bytes == 1 ? answer.data()[0] & 0xFF : (short) (answer.data()[0] & 0xFF | answer.data()[1] << 8);
  }

  private int zone() {
    int zone = kept(ZONE, 2, EfiTime.UNSPECIFIED);
    return new EfiTime(2000, 1, 1, 0, 0, 0, 0, 0, zone, 0, 0).isValid() ? zone : EfiTime.UNSPECIFIED;
  }

  private int daylight() {
    return kept(DAYLIGHT, 1, 0) & 3;
  }

  /** The date in the zone that is kept, after so many seconds since 1970. */
  public EfiTime date(long seconds) {
    return LocalTime.of(seconds, zone(), daylight());
  }

  /** Keeps the zone of a valid time, unless it is kept already or needs no place. @return whether it is kept */
  public boolean keep(EfiTime time) {
    int zone = time.timeZone();
    return keep(ZONE, zone(), zone, (byte) zone, (byte) (zone >> 8)) && keep(DAYLIGHT, daylight(), time.daylight(), (byte) time.daylight());
  }

  private boolean keep(VariableName name, int now, int value, byte... bytes) {
    return now == value || variables.setVariable(name, KEPT, bytes) == EfiStatus.SUCCESS;
  }
}
