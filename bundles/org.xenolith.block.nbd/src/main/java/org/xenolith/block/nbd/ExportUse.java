// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** That a disk of this process uses an export: one that writes it, or any number that read. What other processes do is the server's to say. */
final class ExportUse implements AutoCloseable {
  private static final int WRITER = -1;
  /** Readers by what names the export, or {@link #WRITER}. */
  private static final Map<String, Integer> USES = new HashMap<>();

  private final String key;
  private boolean closed;

  private ExportUse(String key) {
    this.key = key;
  }

  /** @throws IOException if another disk excludes it */
  static ExportUse of(NbdAddress address, boolean write) throws IOException {
    String key = address.server() + "\n" + address.export();
    synchronized (USES) {
      int users = USES.getOrDefault(key, 0);
      if (users == WRITER || write && users > 0) {
        throw new IOException(address.text() + ": is " + (users == WRITER ? "being written" : "in use")
            + " by another disk or machine of this process; an image that is written can have no other user. End that use, or give this machine a copy of the image");
      }
      USES.put(key, write ? WRITER : users + 1);
      return new ExportUse(key);
    }
  }

  @Override
  public void close() {
    synchronized (USES) {
      if (!closed) {
        closed = true;
        int left = USES.get(key) - 1;
        if (left <= 0) {
          USES.remove(key);
        } else {
          USES.put(key, left);
        }
      }
    }
  }
}
