// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.TwinHiiTest.Defect;

/** The functions of the database of a twin. */
final class TwinHii {
  private static final int NEW_PACK = 1;
  private static final int REMOVE_PACK = 2;
  private static final int EXPORT_PACK = 4;
  private static final int ADD_PACK = 8;
  private static final int PROTOCOL = 128;
  private static final EfiGuid NOBODYS = EfiGuid.of("00000000-0000-0000-0000-000000000000");

  /** A function of a twin's. */
  interface Function {
    EfiStatus call(Call call);
  }

  /** A list. @param packages which may change */
  record PackageList(EfiGuid id, long driver, List<TwinPackage> packages) {}

  private record Notice(int kind, EfiGuid guid, long function, long events) {}

  final Defect defect;
  final Map<Long, PackageList> lists = new LinkedHashMap<>();
  /** Lists that were removed. */
  final Map<Long, PackageList> gone = new LinkedHashMap<>();
  private final Map<Long, Notice> notices = new LinkedHashMap<>();
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  final EfiRam memory = firmware.memory();
  private final long database = firmware.room(PROTOCOL);
  final long strings = firmware.room(PROTOCOL);
  private long next = 0x7000;

  TwinHii(Defect defect) {
    this.defect = defect;
    function(database + HiiBench.NEW, this::add);
    function(database + HiiBench.REMOVE, this::remove);
    function(database + HiiBench.UPDATE, this::update);
    function(database + HiiBench.LIST, this::list);
    function(database + HiiBench.EXPORT, this::export);
    function(database + HiiBench.REGISTER, this::register);
    function(database + HiiBench.UNREGISTER, this::unregister);
    function(database + HiiBench.DRIVER, this::driver);
    new TwinHiiStrings(this);
  }

  void function(long at, Function function) {
    memory.put64(at, firmware.guest(call -> EfiStep.done(function.call(call))));
  }

  OfferedProtocols offered() {
    firmware.handles().install(firmware.handles().install(0, Protocol.HII_DATABASE, database), Protocol.HII_STRING, strings);
    return new OfferedProtocols(firmware);
  }

  private boolean is(Defect wrong) {
    return defect == wrong;
  }

  private long handle() {
    next += 16;
    return next;
  }

  private long named(long handle) {
    return is(Defect.HANDLES_ARE_ROUNDED) ? handle & -16 : handle;
  }

  private PackageList list(long handle) {
    PackageList found = lists.get(named(handle));
    if (found == null) {
      throw new EfiError(EfiStatus.NOT_FOUND, "no list");
    }
    return found;
  }

  private void tell(long handle, int event, List<TwinPackage> packages) {
    for (Notice each : is(Defect.TELLS_NOBODY) ? List.<Notice>of() : new ArrayList<>(notices.values())) {
      if ((each.events & event) == 0 && !is(Defect.TELLS_OF_ALL_EVENTS)) {
        continue;
      }
      for (TwinPackage told : packages) {
        boolean kind = each.kind == told.kind || is(Defect.TELLS_OF_ALL_KINDS);
        if (kind && (Objects.equals(each.guid, told.guid) || is(Defect.TELLS_OF_ALL_GUIDS))) {
          boolean known = told.guid != null || is(Defect.TELLS_THE_GUID_FOR_ALL);
          firmware.call(each.function, told.kind, known ? place((told.guid == null ? NOBODYS : told.guid).toBytes()) : 0, place(told
              .bytes()), handle, event);
        }
      }
    }
  }

  private long place(byte[] bytes) {
    long at = firmware.room(bytes.length);
    memory.write(at, bytes);
    return at;
  }

  /** Arguments: this, the list, whose it is, where its handle goes. */
  private EfiStatus add(Call call) {
    long place = call.argument(3);
    if (call.argument(1) == 0 && is(Defect.NO_LIST_IS_FINE)) {
      return EfiStatus.SUCCESS;
    }
    if (call.argument(1) == 0 || place == 0 && !is(Defect.LIST_WITHOUT_A_HANDLE)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long handle = handle();
    if (is(Defect.ADDS_A_LIST_OF_LIES)) {
      lists.put(handle, new PackageList(NOBODYS, 0, new ArrayList<>()));
    }
    List<TwinPackage> packages = TwinPackage.read(defect, memory, call.argument(1));
    PackageList added = new PackageList(memory.guid(call.argument(1)), is(Defect.DRIVER_FORGOTTEN) ? 0 : call.argument(2), packages);
    if (is(Defect.ADDS_A_LIST_THEN_FAILS)) {
      lists.put(handle, added);
    }
    if (place != 0) {
      memory.put64(place, handle);
    }
    lists.put(handle, added);
    tell(handle, NEW_PACK, packages);
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, handle. */
  private EfiStatus remove(Call call) {
    long handle = named(call.argument(1));
    if (!lists.containsKey(handle) && is(Defect.REMOVE_OF_NOTHING)) {
      return EfiStatus.SUCCESS;
    }
    PackageList list = list(handle);
    if (!is(Defect.TELLS_AFTER_REMOVAL)) {
      tell(handle, REMOVE_PACK, list.packages);
    }
    gone.put(handle, list);
    if (is(Defect.REMOVE_TAKES_ALL)) {
      lists.clear();
    } else if (!is(Defect.REMOVE_KEEPS)) {
      lists.remove(handle);
    }
    if (is(Defect.TELLS_AFTER_REMOVAL)) {
      tell(handle, REMOVE_PACK, list.packages);
    }
    return EfiStatus.SUCCESS;
  }

  private boolean replaced(TwinPackage old, List<TwinPackage> by) {
    return !is(Defect.UPDATE_ADDS) && by.stream().anyMatch(each -> is(Defect.UPDATE_REPLACES_ALL) || each.kind == old.kind && (is(
        Defect.UPDATE_REPLACES_GUIDS) || Objects.equals(each.guid, old.guid)));
  }

  /** Arguments: this, handle, the list. */
  private EfiStatus update(Call call) {
    long handle = named(call.argument(1));
    if (call.argument(2) == 0) {
      return is(Defect.UPDATE_WITH_NOTHING) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (!lists.containsKey(handle) && is(Defect.UPDATE_OF_NOTHING)) {
      return EfiStatus.SUCCESS;
    }
    List<TwinPackage> all = list(handle).packages;
    List<TwinPackage> by;
    try {
      by = TwinPackage.read(defect, memory, call.argument(2));
    } catch (EfiError e) {
      if (is(Defect.UPDATE_TAKES_LIES)) {
        return EfiStatus.SUCCESS;
      }
      throw e;
    }
    List<TwinPackage> old = all.stream().filter(each -> replaced(each, by)).toList();
    if (!is(Defect.UPDATE_TELLS_NOTHING)) {
      tell(handle, REMOVE_PACK, old);
    }
    for (PackageList each : is(Defect.UPDATES_ALL_LISTS) ? lists.values() : List.of(list(handle))) {
      each.packages.removeIf(one -> replaced(one, by));
      for (TwinPackage added : by) {
        if (is(Defect.UPDATE_TAKES_THE_LAST)) {
          each.packages.removeIf(one -> replaced(one, List.of(added)));
        }
        each.packages.add(added);
      }
    }
    if (!is(Defect.UPDATE_TELLS_NOTHING)) {
      tell(handle, is(Defect.ADDED_IS_NEW) ? NEW_PACK : ADD_PACK, by);
    }
    return EfiStatus.SUCCESS;
  }

  private boolean has(PackageList list, int kind, EfiGuid guid) {
    return kind == HiiBench.ALL || is(Defect.LISTS_OF_ANY_KIND) || list.packages.stream().anyMatch(each -> each.kind == kind
        && (guid == null || guid.equals(each.guid) || is(Defect.LISTS_OF_ANY_GUID)));
  }

  /** Arguments: this, kind of package, its GUID, where the bytes of handles are said, room for them. */
  private EfiStatus list(Call call) {
    int kind = (int) call.argument(1) & 0xFF;
    boolean named = call.argument(2) != 0;
    long sizeAt = call.argument(3);
    if (sizeAt == 0 || kind == HiiBench.GUID && !named && !is(Defect.LISTS_WITHOUT_A_GUID) || kind != HiiBench.GUID && named && !is(
        Defect.LISTS_FOR_A_GUID_OF_ANY_KIND)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    EfiGuid guid = named && kind == HiiBench.GUID ? memory.guid(call.argument(2)) : null;
    List<Long> found = lists.entrySet().stream().filter(each -> has(each.getValue(), kind, guid)).map(Map.Entry::getKey).toList();
    long size = 8L * found.size();
    long room = memory.get64(sizeAt);
    if (!is(Defect.LISTS_SAY_NO_SIZE)) {
      memory.put64(sizeAt, size);
    }
    if (found.isEmpty()) {
      return is(Defect.LISTS_NOTHING) ? EfiStatus.SUCCESS : EfiStatus.NOT_FOUND;
    }
    if (Long.compareUnsigned(room, size) < 0) {
      return EfiStatus.BUFFER_TOO_SMALL;
    }
    if (call.argument(4) == 0) {
      return is(Defect.LISTS_WITHOUT_A_PLACE) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    for (int i = 0; i < found.size(); i++) {
      memory.put64(call.argument(4) + 8L * i, found.get(i));
    }
    return EfiStatus.SUCCESS;
  }

  private byte[] bytes(PackageList list) {
    byte[][] all = list.packages.stream().filter(each -> !is(Defect.EXPORT_LOSES_GUIDS) || each.guid == null).map(TwinPackage::bytes)
        .toArray(byte[][]::new);
    byte[] bytes = HiiBench.listed(all);
    System.arraycopy((is(Defect.EXPORT_NAMES_NO_LIST) ? NOBODYS : list.id).toBytes(), 0, bytes, 0, EfiGuid.SIZE);
    if (is(Defect.EXPORT_LIES_OF_ITS_LENGTH)) {
      bytes[EfiGuid.SIZE]++;
    }
    return bytes;
  }

  /** Arguments: this, a handle or 0 for all, where the size is said, room. */
  private EfiStatus export(Call call) {
    long handle = named(call.argument(1));
    long sizeAt = call.argument(2);
    if (sizeAt == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (handle != 0 && !lists.containsKey(handle) && is(Defect.EXPORT_OF_NOTHING)) {
      return EfiStatus.SUCCESS;
    }
    List<Long> all = handle != 0 ? List.of(handle) : lists.keySet().stream().limit(is(Defect.EXPORT_OF_ALL_IS_THE_FIRST) ? 1
        : Long.MAX_VALUE).toList();
    byte[] bytes = HiiBench.joined(all.stream().map(each -> bytes(list(each))).toArray(byte[][]::new));
    long room = memory.get64(sizeAt);
    if (!is(Defect.EXPORT_KEEPS_THE_SIZE) || Long.compareUnsigned(room, bytes.length) < 0) {
      memory.put64(sizeAt, bytes.length);
    }
    boolean fits = Long.compareUnsigned(room, bytes.length) >= 0;
    if (fits && call.argument(3) == 0) {
      return is(Defect.EXPORT_WITHOUT_A_PLACE) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (fits || is(Defect.EXPORT_WHERE_IS_NO_ROOM) && call.argument(3) != 0) {
      try {
        memory.write(call.argument(3), is(Defect.EXPORT_WRITES_BEHIND) ? Arrays.copyOf(bytes, bytes.length + 1) : bytes);
      } catch (EfiError e) {
        if (is(Defect.EXPORT_ANYWHERE)) {
          return EfiStatus.SUCCESS;
        }
        throw e;
      }
    }
    if (fits) {
      all.forEach(each -> tell(each, EXPORT_PACK, list(each).packages));
    }
    return fits ? EfiStatus.SUCCESS : EfiStatus.BUFFER_TOO_SMALL;
  }

  /** Arguments: this, handle, where the driver goes. */
  private EfiStatus driver(Call call) {
    long handle = named(call.argument(1));
    if (!lists.containsKey(handle) && is(Defect.NOTHING_HAS_A_DRIVER)) {
      return EfiStatus.SUCCESS;
    }
    if (call.argument(2) == 0 && is(Defect.DRIVER_WITHOUT_A_PLACE)) {
      return EfiStatus.SUCCESS;
    }
    if (call.argument(2) == 0 || !lists.containsKey(handle)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    memory.put64(call.argument(2), is(Defect.LIST_IS_ITS_DRIVER) ? handle : list(handle).driver);
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, kind of package, its GUID, a function, events, where the handle goes. */
  private EfiStatus register(Call call) {
    int kind = (int) call.argument(1) & 0xFF;
    boolean named = call.argument(2) != 0;
    long place = call.argument(5);
    if (kind == HiiBench.GUID && !named && !is(Defect.NOTICE_WITHOUT_A_GUID) || kind != HiiBench.GUID && named && !is(
        Defect.NOTICE_FOR_A_GUID_OF_ANY_KIND) || place == 0 && !is(Defect.NOTICE_WITHOUT_A_HANDLE)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    Notice notice = new Notice(kind, named ? memory.guid(call.argument(2)) : null, call.argument(3), call.argument(4));
    long handle = handle();
    if (is(Defect.REGISTERS_THEN_FAILS)) {
      notices.put(handle, notice);
    }
    if (place != 0) {
      memory.put64(place, handle);
    }
    notices.put(handle, notice);
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, a handle that was given for a function. */
  private EfiStatus unregister(Call call) {
    long handle = call.argument(1);
    if (is(Defect.UNREGISTER_KEEPS) && notices.containsKey(handle) || is(Defect.UNREGISTER_TAKES_LISTS) && lists.containsKey(handle)) {
      return EfiStatus.SUCCESS;
    }
    return notices.remove(handle) != null || is(Defect.UNREGISTERS_ANYTHING) ? EfiStatus.SUCCESS : EfiStatus.NOT_FOUND;
  }
}
