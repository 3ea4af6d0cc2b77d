// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** The functions of EFI_HII_DATABASE_PROTOCOL (UEFI 2.10, 34.8) but for notifications. There are no keyboard layouts: keys come from terminals. */
final class DatabaseProtocol {
  private enum Updating {
    TELL_OF_REPLACED, REPLACE, TOLD
  }

  /** Steps of ExportPackageLists: its first, and one behind each list that was told of. */
  private enum Exporting {
    BEGIN, TELL
  }

  /** Number of ExportPackageLists: the list that is told of next. */
  private enum ExportSlot {
    NEXT
  }

  private final HiiLayer layer;
  private final Lists lists;

  DatabaseProtocol(HiiLayer layer, Lists lists) {
    this.layer = layer;
    this.lists = lists;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "NewPackageList" -> this::add;
      case "RemovePackageList" -> this::remove;
      case "UpdatePackageList" -> this::update;
      case "ListPackageLists" -> this::list;
      case "ExportPackageLists" -> this::export;
      case "GetPackageListHandle" -> this::driver;
      case "FindKeyboardLayouts" -> this::layouts;
      case "GetKeyboardLayout", "SetKeyboardLayout" -> call -> {
        lists.notices(call.firmware(), call.argument(0)); // or the caller made it up
        return EfiStep.done(call.argument(1) == 0 ? EfiStatus.INVALID_PARAMETER : EfiStatus.NOT_FOUND);
      };
      default -> null;
    };
  }

  private EfiStep tell(Call call, Enum<?> next, long handle, int event) {
    return tell(call, next, handle, event, 0);
  }

  /** Has those told who want to know. @param types a list in memory: only packages that are of a type of one of its; 0: all */
  private EfiStep tell(Call call, Enum<?> next, long handle, int event, long types) {
    return EfiStep.call(next, call.firmware().function(layer, "Tell"), call.argument(0), handle, event, types);
  }

  /** Arguments: this, the list, whose it is, where its handle goes. */
  private EfiStep add(Call call) {
    Firmware firmware = call.firmware();
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done();
    }
    if (call.argument(1) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    PackageList added = PackageList.read(firmware.memory(), call.argument(1));
    added.strings(); // or it isn't well formed
    firmware.memory().put64(call.argument(3), firmware.memory().get64(call.argument(3))); // or nobody would have the list's handle
    long handle = lists.add(firmware, call.argument(0), added, call.argument(2));
    firmware.memory().put64(call.argument(3), handle);
    return tell(call, AskOnce.ANSWERED, handle, Notices.NEW);
  }

  /** Arguments: this, handle. Those who want to know are told before. */
  private EfiStep remove(Call call) {
    if (call.isAt(AskOnce.ASK)) {
      lists.place(call.firmware(), call.argument(0), call.argument(1));
      return tell(call, AskOnce.ANSWERED, call.argument(1), Notices.REMOVE);
    }
    lists.remove(call.firmware(), call.argument(0), call.argument(1));
    return EfiStep.done();
  }

  /** Arguments: this, handle, the list. Packages that are replaced are told of before, those in their place behind (UEFI 2.10, 34.8.4). */
  private EfiStep update(Call call) {
    Firmware firmware = call.firmware();
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (call.isAt(Updating.TOLD)) {
      return EfiStep.done();
    }
    PackageList before = lists.get(firmware, call.argument(0), call.argument(1));
    PackageList by = PackageList.read(firmware.memory(), call.argument(2));
    by.strings();
    if (call.isAt(Updating.TELL_OF_REPLACED)) {
      return tell(call, Updating.REPLACE, call.argument(1), Notices.REMOVE, call.argument(2));
    }
    lists.set(firmware, call.argument(0), call.argument(1), before.updated(by));
    return tell(call, Updating.TOLD, call.argument(1), Notices.ADD, call.argument(2));
  }

  /** Arguments: this, kind of package, its GUID, where the bytes of handles are said, room for them. */
  private EfiStep list(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    int kind = (int) call.argument(1) & 0xFF;
    if (call.argument(3) == 0 || (kind == PackageList.GUID) != (call.argument(2) != 0)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid guid = call.argument(2) == 0 ? null : memory.guid(call.argument(2));
    List<Long> found = lists.all(firmware, call.argument(0)).stream().filter(each -> lists.get(firmware, call.argument(0), each).has(kind,
        guid)).toList();
    long room = memory.get64(call.argument(3));
    memory.put64(call.argument(3), 8L * found.size());
    if (found.isEmpty()) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    if (Long.compareUnsigned(room, 8L * found.size()) < 0) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    if (call.argument(4) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    for (int i = 0; i < found.size(); i++) {
      memory.put64(call.argument(4) + 8L * i, found.get(i));
    }
    return EfiStep.done();
  }

  /** Arguments: this, a handle or 0 for all, where the size is said, room. Lists lie one behind the other. */
  private EfiStep export(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<Long> all = call.argument(1) == 0 ? lists.all(firmware, call.argument(0)) : List.of(call.argument(1));
    if (call.isAt(Exporting.BEGIN)) {
      long size = 0;
      for (long each : all) {
        size += lists.get(firmware, call.argument(0), each).bytes().length;
      }
      long room = memory.get64(call.argument(2));
      memory.put64(call.argument(2), size);
      if (Long.compareUnsigned(room, size) < 0) {
        return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
      }
      if (call.argument(3) == 0 && size > 0) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      long at = call.argument(3);
      for (long each : all) {
        byte[] bytes = lists.get(firmware, call.argument(0), each).bytes();
        memory.write(at, bytes);
        at += bytes.length;
      }
    }
    int next = (int) call.get(ExportSlot.NEXT);
    if (next >= all.size()) {
      return EfiStep.done();
    }
    call.set(ExportSlot.NEXT, next + 1L);
    return tell(call, Exporting.TELL, all.get(next), Notices.EXPORT);
  }

  /** Arguments: this, handle, where the driver's goes. */
  private EfiStep driver(Call call) {
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    try {
      call.firmware().memory().put64(call.argument(2), lists.driver(call.firmware(), call.argument(0), call.argument(1)));
      return EfiStep.done();
    } catch (EfiError e) {
      if (e.status() != EfiStatus.NOT_FOUND) {
        throw e;
      }
      return EfiStep.done(EfiStatus.INVALID_PARAMETER); // of no list here (UEFI 2.10, 34.8.12), other than of the other functions
    }
  }

  /** Arguments: this, where the bytes of GUIDs are said, room for them. */
  private EfiStep layouts(Call call) {
    lists.notices(call.firmware(), call.argument(0));
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    call.firmware().memory().put16(call.argument(1), 0);
    return EfiStep.done();
  }
}
