// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.TwinNetworkTest.Defect;

/** The filters of a {@link TwinCard}, and addresses of groups. */
final class TwinFilters {
  static final int ALL = 31;
  static final int MOST_GROUPS = 4;
  private static final int MAC = 6;
  private static final int MAC_ROOM = 32;
  private static final int SETTING = 28;
  private static final int COUNT = 36;
  private static final int LIST = 40;
  private static final int CURRENT = 552;

  private final EfiRam memory;
  private final long mode;
  private final Defect defect;
  private long setting = 5;

  TwinFilters(EfiRam memory, long mode, Defect defect) {
    this.memory = memory;
    this.mode = mode;
    this.defect = defect;
  }

  void clear() {
    memory.put32(mode + COUNT, 0);
    memory.clear(mode + LIST, MOST_GROUPS * MAC_ROOM);
  }

  private List<byte[]> groups() {
    List<byte[]> groups = new ArrayList<>();
    for (int i = 0; i < memory.get32(mode + COUNT); i++) {
      groups.add(memory.read(mode + LIST + MAC_ROOM * i, MAC));
    }
    return groups;
  }

  boolean pass(byte[] frame) {
    byte[] to = Arrays.copyOf(frame, MAC);
    if ((setting & 8) != 0 || setting == 0 && defect == Defect.WITHOUT_FILTERS_ALL_PASS) {
      return true;
    }
    if ((to[0] & 1) == 0) {
      return (setting & 1) != 0 && Arrays.equals(to, memory.read(mode + CURRENT, MAC));
    }
    if (Arrays.equals(to, new byte[] {-1, -1, -1, -1, -1, -1})) {
      return (setting & 4) != 0;
    }
    return (setting & 16) != 0 && defect != Defect.NO_GROUPS_PASS || (setting & 2) != 0 && groups().stream().limit(
        defect == Defect.HEARS_THE_FIRST_GROUP ? 1 : MOST_GROUPS).anyMatch(each -> Arrays.equals(each, to));
  }

  EfiStatus set(Call call) {
    long on = call.argument(1);
    long off = call.argument(2);
    boolean emptied = call.argument(3) != 0;
    boolean listed = (on & ~off & 2) != 0 && !emptied;
    if ((on & ~ALL) != 0 && defect != Defect.ANY_FILTER_ON || (off & ~ALL) != 0 && defect != Defect.ANY_FILTER_OFF) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (listed) {
      EfiStatus status = list(defect == Defect.CUTS_COUNTS ? (int) call.argument(4) : call.argument(4), call.argument(5));
      if (status != EfiStatus.SUCCESS) {
        return status;
      }
    } else if (emptied && defect != Defect.KEEPS_GROUPS) {
      clear();
    }
    setting = memory.get32(mode + SETTING);
    setting = defect == Defect.ON_BEFORE_OFF ? setting & ~off | on : (setting | on) & ~off;
    if (defect != Defect.SETTING_NOT_SHOWN) {
      memory.put32(mode + SETTING, setting);
    }
    return EfiStatus.SUCCESS;
  }

  private EfiStatus list(long count, long list) {
    if (count == 0 && defect == Defect.NO_GROUPS_ARE_FINE || list == 0 && defect == Defect.NO_LIST_IS_FINE) {
      return EfiStatus.SUCCESS;
    }
    if (count < 1 || count > MOST_GROUPS && defect != Defect.TOO_MANY_GROUPS || count > MOST_GROUPS + 1 || list == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (defect == Defect.CLEARS_BEFORE_READING) {
      clear();
    }
    List<byte[]> groups = defect == Defect.ADDS_GROUPS ? groups() : new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (defect == Defect.HALF_A_LIST) {
        memory.put32(mode + COUNT, i);
      }
      byte[] group = memory.read(list + MAC_ROOM * i, MAC);
      if ((group[0] & 1) == 0 && defect != Defect.ANYTHING_IS_A_GROUP && (i == 0 || defect != Defect.FIRST_GROUP_DECIDES)) {
        return EfiStatus.INVALID_PARAMETER;
      }
      groups.add(group);
    }
    if (defect != Defect.GROUPS_NOT_SHOWN) {
      clear();
      memory.put32(mode + COUNT, groups.size());
      for (int i = 0; i < groups.size(); i++) {
        memory.write(mode + LIST + MAC_ROOM * i, groups.get(i));
      }
    }
    return EfiStatus.SUCCESS;
  }

  EfiStatus map(Call call) {
    if (call.argument(2) == 0 || call.argument(3) == 0) {
      return defect == Defect.NO_ADDRESS_IS_MAPPED ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    boolean six = call.argument(1) != 0;
    byte[] ip = memory.read(call.argument(2), six ? 16 : 4);
    boolean group = six ? ip[0] == -1 : (ip[0] & 0xF0) == 0xE0;
    boolean four = !six || defect == Defect.MAPS_IPV6_AS_IPV4;
    byte[] mac = four ? new byte[] {1, 0, 0x5E, (byte) (ip[1] & (defect == Defect.ALL_BITS_OF_THE_ADDRESS ? 0xFF : 0x7F)), ip[2], ip[3]}
        : new byte[] {0x33, 0x33, ip[12], ip[13], ip[14], ip[15]};
    if (group || defect == Defect.EVERYTHING_IS_MAPPED || defect == Defect.MAPS_THEN_REFUSES) {
      memory.write(call.argument(3), mac);
    }
    return group || defect == Defect.EVERYTHING_IS_MAPPED ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
  }
}
