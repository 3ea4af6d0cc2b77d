// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiRam;

/** The attribute certificate table of a PE file: WIN_CERTIFICATEs, each on a multiple of 8 bytes (Microsoft, PE Format; UEFI 2.10, 32.2.4). */
final class CertificateTable {
  private static final int HEAD = 8;
  private static final int REVISION = 0x0200;
  private static final int PKCS_SIGNED_DATA = 2;
  private static final int EFI_GUID = 0x0EF1;
  private static final EfiGuid PKCS7 = EfiGuid.of("4aafd29d-68df-49ee-8aa9-347d375665a7");
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST = 16;

  private CertificateTable() {}

  /** Signatures among a table's entries; those of other kinds are passed over. */
  static List<byte[]> signatures(EfiRam memory, long table, long size) throws BadImage {
    List<byte[]> found = new ArrayList<>();
    BadImage.unless(size <= MOST_BYTES, "its table of certificates has " + size + " bytes");
    for (long at = 0; at < size; at = at + 7 & -8) {
      BadImage.unless(size - at >= HEAD, "its table of certificates is cut off");
      long length = memory.get32(table + at);
      int kind = memory.get16(table + at + 6);
      BadImage.unless(length >= HEAD && length <= size - at, "a certificate has " + length + " bytes of " + (size - at));
      int head = kind == EFI_GUID ? HEAD + EfiGuid.SIZE : HEAD;
      if (memory.get16(table + at + 4) == REVISION && length > head && (kind == PKCS_SIGNED_DATA || kind == EFI_GUID && memory.guid(table
          + at
          + HEAD).equals(PKCS7))) {
        BadImage.unless(found.size() < MOST, "it has more than " + MOST + " signatures");
        found.add(memory.read(table + at + head, (int) length - head));
      }
      at += length;
    }
    return found;
  }
}
