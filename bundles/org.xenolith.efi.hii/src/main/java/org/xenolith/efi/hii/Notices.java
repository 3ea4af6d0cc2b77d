// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.ArrayList;
import java.util.List;
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
    long handle = firmware.interfaceMemory(layer, EfiGuid.SIZE, NUMBERS);
    long[] numbers = firmware.numbers(layer, handle);
    numbers[Lists.DATABASE] = call.argument(0);
    numbers[Lists.KIND] = NOTICE;
    numbers[PACKAGE] = kind;
    numbers[FUNCTION] = call.argument(3);
    numbers[EVENTS] = call.argument(4);
    if (call.argument(2) != 0) {
      numbers[HAS_GUID] = 1;
      firmware.memory().write(handle, firmware.memory().read(call.argument(2), EfiGuid.SIZE));
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

  private record Due(long function, int kind, long guid, long place) {}

  /** What is to be told of a list, each package to each who wants to know. */
  private List<Due> due(Firmware firmware, long database, long handle, long event) {
    List<Due> due = new ArrayList<>();
    long at = lists.place(firmware, database, handle) + LIST_HEADER;
    for (byte[] each : lists.get(firmware, database, handle).packages()) {
      for (long notice : all(firmware, database)) {
        long[] numbers = notice(firmware, database, notice);
        EfiGuid guid = numbers[HAS_GUID] == 0 ? null : firmware.memory().guid(notice);
        boolean wanted = numbers[PACKAGE] == PackageList.ALL || numbers[PACKAGE] == PackageList.kind(each) && new PackageList(EfiGuid
            .ofBytes(
                new byte[EfiGuid.SIZE], 0), List.of(each)).has((int) numbers[PACKAGE], guid);
        if (wanted && (numbers[EVENTS] & event) != 0) {
          due.add(new Due(numbers[FUNCTION], PackageList.kind(each), numbers[HAS_GUID] == 0 ? 0 : notice, at));
        }
      }
      at += each.length;
    }
    return due;
  }

  /** Arguments: database, list, what has happened. Number 0 is who is told next. Who calls this is of this layer. */
  private EfiStep tell(Call call) {
    Firmware firmware = call.firmware();
    if (Lists.firstNotice(lists.notices(firmware, call.argument(0))) == 0) {
      return EfiStep.done();
    }
    List<Due> due = due(firmware, call.argument(0), call.argument(1), call.argument(2));
    int next = (int) call.get(0);
    if (next >= due.size()) {
      return EfiStep.done();
    }
    call.set(0, next + 1L);
    Due each = due.get(next);
    return EfiStep.call(1, each.function, each.kind, each.guid, each.place, call.argument(1), call.argument(2));
  }
}
