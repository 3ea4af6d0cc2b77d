// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Who is told of packages that come and go (UEFI 2.10, 34.8.7 and 34.8.8). */
final class Notices {
  /** EFI_HII_DATABASE_NOTIFY_NEW_PACK. */
  static final int NEW = 1;
  /** EFI_HII_DATABASE_NOTIFY_REMOVE_PACK. */
  static final int REMOVE = 2;
  /** EFI_HII_DATABASE_NOTIFY_EXPORT_PACK. */
  static final int EXPORT = 4;
  /** EFI_HII_DATABASE_NOTIFY_ADD_PACK. */
  static final int ADD = 8;
  private static final int LIST_HEADER = 20;
  // Numbers of a notification besides those of all: kind of package, function, what it is told of, whether it has a GUID.
  private static final int PACKAGE = 3;
  private static final int FUNCTION = 4;
  private static final int EVENTS = 5;
  private static final int HAS_GUID = 6;
  private static final int NUMBERS = 7;
  private static final int NOTICE = 2;

  /** Steps: the first, and one behind each that was told. */
  private enum Step {
    BEGIN, NEXT
  }

  /** Number of the call: how many were told. */
  private enum Slot {
    TOLD
  }

  private final HiiLayer layer;
  private final Lists lists;

  Notices(HiiLayer layer, Lists lists) {
    this.layer = layer;
    this.lists = lists;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "RegisterPackageNotify" -> this::register;
      case "UnregisterPackageNotify" -> this::unregister;
      case "Tell" -> this::tell;
      default -> null;
    };
  }

  private long[] notice(Firmware firmware, long database, long handle) {
    return lists.entry(firmware, database, handle, NOTICE, NUMBERS);
  }

  private List<Long> all(Firmware firmware, long database) {
    List<Long> all = new ArrayList<>();
    for (long at = Lists.firstNotice(lists.notices(firmware, database)); at != 0; at = notice(firmware, database, at)[Lists.NEXT]) {
      all.add(at);
    }
    return all;
  }

  /** Arguments: this, kind of package, its GUID, function, what it is told of, where the handle goes. */
  private EfiStep register(Call call) {
    Firmware firmware = call.firmware();
    long[] database = lists.notices(firmware, call.argument(0));
    int kind = (int) call.argument(1) & 0xFF;
    if (call.argument(3) == 0 || call.argument(5) == 0 || (kind == PackageList.GUID) != (call.argument(2) != 0)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (all(firmware, call.argument(0)).size() == Lists.MOST) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    byte[] guid = call.argument(2) == 0 ? null : firmware.memory().read(call.argument(2), EfiGuid.SIZE);
    firmware.memory().put64(call.argument(5), firmware.memory().get64(call.argument(5))); // or nobody would have the handle
    long handle = firmware.interfaceMemory(layer, EfiGuid.SIZE, NUMBERS);
    long[] numbers = firmware.numbers(layer, handle);
    numbers[Lists.DATABASE] = call.argument(0);
    numbers[Lists.KIND] = NOTICE;
    numbers[PACKAGE] = kind;
    numbers[FUNCTION] = call.argument(3);
    numbers[EVENTS] = call.argument(4);
    if (guid != null) {
      numbers[HAS_GUID] = 1;
      firmware.memory().write(handle, guid);
    }
    numbers[Lists.NEXT] = Lists.firstNotice(database);
    Lists.firstNotice(database, handle);
    firmware.memory().put64(call.argument(5), handle);
    return EfiStep.done();
  }

  private EfiStep unregister(Call call) {
    Firmware firmware = call.firmware();
    long database = call.argument(0);
    long handle = call.argument(1);
    long next = notice(firmware, database, handle)[Lists.NEXT];
    List<Long> all = all(firmware, database);
    int at = all.indexOf(handle);
    if (at <= 0) {
      Lists.firstNotice(lists.notices(firmware, database), next);
    } else {
      notice(firmware, database, all.get(at - 1))[Lists.NEXT] = next;
    }
    firmware.dropInterface(layer, handle);
    return EfiStep.done();
  }

  private record Notice(long handle, long[] numbers, EfiGuid guid) {
    boolean wants(byte[] each) {
      return guid == null || guid.equals(PackageList.guid(each));
    }
  }

  /** Who wants to know of an event, by the kind of packages. */
  private Map<Long, List<Notice>> notices(Firmware firmware, long database, long event) {
    Map<Long, List<Notice>> found = new HashMap<>();
    for (long handle : all(firmware, database)) {
      long[] numbers = notice(firmware, database, handle);
      if ((numbers[EVENTS] & event) != 0) {
        EfiGuid guid = numbers[HAS_GUID] == 0 ? null : firmware.memory().guid(handle);
        found.computeIfAbsent(numbers[PACKAGE], kind -> new ArrayList<>()).add(new Notice(handle, numbers, guid));
      }
    }
    return found;
  }

  /**
   * Arguments: database, list, what has happened, a list in memory that has the types of the packages or 0. {@link Slot#TOLD} says how many were told: packages and
   * those who want to know may be so many that there is no room for all that is to be told. Who calls this is of this layer.
   */
  private EfiStep tell(Call call) {
    Firmware firmware = call.firmware();
    long handle = call.argument(1);
    Map<Long, List<Notice>> notices = notices(firmware, call.argument(0), call.argument(2));
    if (notices.isEmpty()) {
      return EfiStep.done();
    }
    Set<PackageList.Type> types = call.argument(3) == 0 ? null : PackageList.read(firmware.memory(), call.argument(3)).types();
    long at = lists.place(firmware, call.argument(0), handle) + LIST_HEADER;
    long before = call.get(Slot.TOLD);
    for (byte[] each : lists.get(firmware, call.argument(0), handle).packages()) {
      if (types == null || types.contains(PackageList.Type.of(each))) {
        for (long kind : new long[] {PackageList.ALL, PackageList.kind(each)}) {
          for (Notice notice : notices.getOrDefault(kind, List.of())) {
            if (notice.wants(each) && before-- == 0) {
              call.set(Slot.TOLD, call.get(Slot.TOLD) + 1);
              long guid = PackageList.guid(each) == null ? 0 : at + PackageList.PACKAGE_HEADER;
              return EfiStep.call(Step.NEXT, notice.numbers[FUNCTION], PackageList.kind(each), guid, at, handle, call.argument(2));
            }
          }
        }
      }
      at += each.length;
    }
    return EfiStep.done();
  }
}
