// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One register access of a recorded boot, to be replayed against a model. A record is a text of lines such as
 * {@code R cpu0 gic_dist 0x8000004 0x8 /4}: direction, CPU, region, physical address, value, size; a trailing {@code x2}
 * repeats the line; lines that begin with {@code #} are comments.
 *
 * @param write   whether it is a write
 * @param cpu     the accessing CPU
 * @param region  name of the window in the record
 * @param address physical address
 * @param value   value read or written
 * @param size    bytes
 */
public record RecordedAccess(boolean write, int cpu, String region, long address, long value, int size) {

  /**
   * Reads a record.
   *
   * @param owner    the class beside which the resource lies
   * @param resource name of the resource
   * @throws AssertionError if it is missing or empty, so that a test can't pass without its data
   */
  public static List<RecordedAccess> read(Class<?> owner, String resource) {
    List<RecordedAccess> all = new ArrayList<>();
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("test resource " + resource + " beside " + owner.getName() + " is missing");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] word = line.trim().split(" +");
        RecordedAccess access = new RecordedAccess(word[0].equals("W"), Integer.parseInt(word[1].substring(3)), word[2],
            Long.decode(word[3]), Long.parseUnsignedLong(word[4].substring(2), 16), Integer.parseInt(word[5].substring(1)));
        int times = word.length > 6 ? Integer.parseInt(word[6].substring(1)) : 1;
        for (int i = 0; i < times; i++) {
          all.add(access);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (all.isEmpty()) {
      throw new AssertionError("test resource " + resource + " holds no accesses");
    }
    return all;
  }
}
