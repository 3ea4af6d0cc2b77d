// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;

/** Reads archives back, one after the other as the kernel does: path to mode, device and content. */
final class CpioEntries {
  record Entry(int mode, String device, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  private CpioEntries() {}

  static Map<String, Entry> of(byte[] archives) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    ByteArrayInputStream all = new ByteArrayInputStream(archives);
    try {
      for (; all.available() > 0; skipZeros(all)) {
        // Not closed: what it leaves is the next archive.
        CpioArchiveInputStream archive = new CpioArchiveInputStream(all, 512, "UTF-8");
        for (CpioArchiveEntry entry; (entry = archive.getNextEntry()) != null;) {
          entries.put("/" + entry.getName(), new Entry((int) entry.getMode(), entry.getRemoteDeviceMaj() + ":" + entry.getRemoteDeviceMin(),
              archive.readAllBytes()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  /** The kernel takes any number of zeros between two archives. */
  private static void skipZeros(ByteArrayInputStream all) {
    do {
      all.mark(0);
    } while (all.read() == 0);
    all.reset();
  }
}
