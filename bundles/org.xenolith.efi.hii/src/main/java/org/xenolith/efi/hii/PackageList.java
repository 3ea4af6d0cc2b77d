// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * A package list (UEFI 2.10, 33.3.1): a GUID and packages, each with its kind. Whoever has the memory may have written anything into it, so it is
 * taken apart anew each time.
 *
 * @param id       its GUID
 * @param packages without the one that ends the list; each with its header
 */
record PackageList(EfiGuid id, List<byte[]> packages) {
  /** Kind of package: strings. */
  static final int STRINGS = 4;
  /** Kind of package: the end of a list. */
  static final int END = 0xDF;
  /** Any kind. */
  static final int ALL = 0;
  /** Kind of package: one whose kind is said by a GUID. */
  static final int GUID = 1;
  private static final int HEADER = 20;
  static final int PACKAGE_HEADER = 4;
  private static final int LENGTH = 0xFF_FFFF;
  /** Bytes that a list may have: packages of the Shell have some 100 KiB. */
  static final int MOST = 8 << 20;

  PackageList {
    packages = List.copyOf(packages);
  }

  /** A list in memory. @throws EfiError INVALID_PARAMETER if it is none, or longer than 8 MiB */
  static PackageList read(EfiRam memory, long address) {
    long length = memory.get32(address + EfiGuid.SIZE);
    if (length < HEADER + PACKAGE_HEADER || length > MOST) {
      throw invalid("a package list of " + length + " bytes");
    }
    return of(memory.read(address, (int) length));
  }

  private static EfiError invalid(String what) {
    return new EfiError(EfiStatus.INVALID_PARAMETER, what);
  }

  /** The list of these bytes, whose header's length isn't looked at. @throws EfiError INVALID_PARAMETER if a package doesn't end in them, or there is no last one */
  static PackageList of(byte[] bytes) {
    List<byte[]> packages = new ArrayList<>();
    for (int at = HEADER; at + PACKAGE_HEADER <= bytes.length;) {
      int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
      int length = header & LENGTH;
      if (header >>> 24 == END) {
        return new PackageList(EfiGuid.ofBytes(bytes, 0), packages);
      }
      if (length < PACKAGE_HEADER || length > bytes.length - at) {
        throw invalid("a package of " + length + " bytes in a list of " + bytes.length);
      }
      packages.add(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    throw invalid("a package list without an end");
  }

  /** What kind a package is of. */
  static int kind(byte[] each) {
    return each[3] & 0xFF;
  }

  /** The bytes, with the end. */
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    packages.forEach(out::writeBytes);
    int length = HEADER + out.size() + PACKAGE_HEADER;
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(id.toBytes()).putInt(length).put(out.toByteArray()).putInt(END
        << 24
        | PACKAGE_HEADER).array();
  }

  /** Its packages of strings. @throws EfiError INVALID_PARAMETER if one isn't well formed */
  List<StringPackage> strings() {
    return packages.stream().filter(each -> kind(each) == STRINGS).map(StringPackage::of).toList();
  }

  /** The same with other packages of strings. */
  PackageList with(List<StringPackage> strings) {
    List<byte[]> all = new ArrayList<>();
    strings.forEach(each -> all.add(each.bytes()));
    packages.stream().filter(each -> kind(each) != STRINGS).forEach(all::add);
    return new PackageList(id, all);
  }

  /**
   * What packages are replaced by.
   *
   * @param kind which
   * @param guid if it is {@link #GUID}: whose; else null
   */
  record Type(int kind, EfiGuid guid) {
    static Type of(byte[] each) {
      return new Type(PackageList.kind(each), PackageList.guid(each));
    }
  }

  /** What its packages are. */
  Set<Type> types() {
    return packages.stream().map(Type::of).collect(Collectors.toSet());
  }

  /** The same, with packages of the types that another list has in the place of its own of those types (UEFI 2.10, 34.8.4). */
  PackageList updated(PackageList by) {
    Set<Type> types = by.types();
    List<byte[]> all = new ArrayList<>(packages.stream().filter(each -> !types.contains(Type.of(each))).toList());
    all.addAll(by.packages);
    return new PackageList(id, all);
  }

  /** The GUID of a package of kind {@link #GUID}; null if it is another or has no room for one. */
  static EfiGuid guid(byte[] each) {
    return kind(each) == GUID && each.length >= PACKAGE_HEADER + EfiGuid.SIZE ? EfiGuid.ofBytes(each, PACKAGE_HEADER) : null;
  }

  /** Whether it has a package of a kind. @param guid of a package of kind {@link #GUID} */
  boolean has(int kind, EfiGuid guid) {
    return kind == ALL || packages.stream().anyMatch(each -> kind(each) == kind && (kind != GUID || guid.equals(guid(each))));
  }
}
