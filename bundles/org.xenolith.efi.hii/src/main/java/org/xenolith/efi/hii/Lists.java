// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Firmware;

/** Package lists in pages of the guest. A list's handle (EFI_HII_HANDLE) is an interface whose numbers say where they are. */
final class Lists {
  // Numbers of the database: its first list and its first notification; 0: none.
  private static final int FIRST = 0;
  private static final int FIRST_NOTICE = 1;
  static final int NUMBERS = 2;
  // Numbers of whatever has a handle: whose it is, its kind, the next of its kind.
  static final int DATABASE = 0;
  static final int KIND = 1;
  static final int NEXT = 2;
  // More of a list: its pages, its bytes, the driver's handle.
  private static final int PAGES = 3;
  private static final int LENGTH = 4;
  private static final int DRIVER = 5;
  private static final int LIST_NUMBERS = 6;
  private static final int LIST = 1;
  private static final int PAGE = 4096;
  /** Lists that there may be, and notifications. */
  static final int MOST = 4096;

  private final HiiLayer layer;

  Lists(HiiLayer layer) {
    this.layer = layer;
  }

  private static EfiError notFound(long handle) {
    return new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(handle) + ": nothing of this database's");
  }

  /** Numbers of something that a database has given a handle for: whose it is, its kind, and more. @throws EfiError NOT_FOUND if it is none */
  long[] entry(Firmware firmware, long database, long handle, long kind, int count) {
    try {
      long[] numbers = firmware.numbers(layer, handle);
      if (numbers.length == count && numbers[KIND] == kind && numbers[DATABASE] == database) {
        return numbers;
      }
    } catch (EfiError e) {
      if (e.status() == EfiStatus.DEVICE_ERROR) {
        throw e;
      }
    }
    throw notFound(handle);
  }

  private long[] list(Firmware firmware, long database, long handle) {
    return entry(firmware, database, handle, LIST, LIST_NUMBERS);
  }

  /** Handles of all, in the order of their making. @throws EfiError INVALID_PARAMETER if there is no such database */
  List<Long> all(Firmware firmware, long database) {
    List<Long> all = new ArrayList<>();
    for (long at = firmware.numbers(layer, database)[FIRST]; at != 0; at = list(firmware, database, at)[NEXT]) {
      all.add(at);
    }
    return all;
  }

  /** Where the database keeps its first notification. */
  long[] notices(Firmware firmware, long database) {
    long[] numbers = firmware.numbers(layer, database);
    if (numbers.length != NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(database) + ": no database");
    }
    return numbers;
  }

  static long firstNotice(long[] database) {
    return database[FIRST_NOTICE];
  }

  static void firstNotice(long[] database, long notice) {
    database[FIRST_NOTICE] = notice;
  }

  /** Adds a list. @return its handle */
  long add(Firmware firmware, long database, PackageList added, long driver) {
    List<Long> before = all(firmware, database);
    if (before.size() == MOST) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, MOST + " package lists");
    }
    byte[] bytes = bytes(added);
    long pages = firmware.pages(count(bytes.length));
    long handle = handle(firmware, pages, count(bytes.length));
    firmware.memory().write(pages, bytes);
    long[] numbers = firmware.numbers(layer, handle);
    numbers[DATABASE] = database;
    numbers[KIND] = LIST;
    numbers[PAGES] = pages;
    numbers[LENGTH] = bytes.length;
    numbers[DRIVER] = driver;
    if (before.isEmpty()) {
      notices(firmware, database)[FIRST] = handle;
    } else {
      list(firmware, database, before.getLast())[NEXT] = handle;
    }
    return handle;
  }

  private long handle(Firmware firmware, long pages, long count) {
    try {
      return firmware.interfaceMemory(layer, 16, LIST_NUMBERS);
    } catch (EfiError e) {
      firmware.freePages(pages, count);
      throw e;
    }
  }

  private static byte[] bytes(PackageList list) {
    byte[] bytes = list.bytes();
    if (bytes.length > PackageList.MOST) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "a package list of " + bytes.length + " bytes");
    }
    return bytes;
  }

  private static long count(long bytes) {
    return (bytes + PAGE - 1) / PAGE;
  }

  /** Takes one away. */
  void remove(Firmware firmware, long database, long handle) {
    long[] numbers = list(firmware, database, handle);
    List<Long> all = all(firmware, database);
    int at = all.indexOf(handle);
    if (at < 0) {
      throw notFound(handle);
    }
    if (at == 0) {
      notices(firmware, database)[FIRST] = numbers[NEXT];
    } else {
      list(firmware, database, all.get(at - 1))[NEXT] = numbers[NEXT];
    }
    firmware.freePages(numbers[PAGES], count(numbers[LENGTH]));
    firmware.dropInterface(layer, handle);
  }

  /** What one has. */
  PackageList get(Firmware firmware, long database, long handle) {
    long[] numbers = list(firmware, database, handle);
    return PackageList.of(firmware.memory().read(numbers[PAGES], (int) numbers[LENGTH]));
  }

  /** Where one's bytes are. */
  long place(Firmware firmware, long database, long handle) {
    return list(firmware, database, handle)[PAGES];
  }

  /** Whose it is: the handle that was said when it was added. */
  long driver(Firmware firmware, long database, long handle) {
    return list(firmware, database, handle)[DRIVER];
  }

  /** Gives one other packages. */
  void set(Firmware firmware, long database, long handle, PackageList now) {
    long[] numbers = list(firmware, database, handle);
    byte[] bytes = bytes(now);
    long pages = firmware.pages(count(bytes.length));
    firmware.memory().write(pages, bytes);
    firmware.freePages(numbers[PAGES], count(numbers[LENGTH]));
    numbers[PAGES] = pages;
    numbers[LENGTH] = bytes.length;
  }
}
