// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/** What of the host's memory is taken by what guests have and do, as far as those say it who keep it: whoever runs out of memory can say who had it. */
public final class HostUse {
  private static final Map<String, LongSupplier> USES = new ConcurrentSkipListMap<>();
  private static final int MIB = 20;

  private HostUse() {}

  /**
   * Something takes memory, from now on.
   *
   * @param what  it is, for people, such as "guests' memory"
   * @param bytes how many it has; asked from any thread, and makes nothing
   */
  public static void of(String what, LongSupplier bytes) {
    USES.put(what, bytes);
  }

  /** What has a mebibyte or more, the largest first, such as "guests' memory 1024 MiB, disks' overlays 17 MiB"; empty for nothing. */
  public static String text() {
    List<Map.Entry<String, Long>> all = new ArrayList<>();
    USES.forEach((what, bytes) -> all.add(Map.entry(what, bytes.getAsLong() >> MIB)));
    all.removeIf(each -> each.getValue() < 1);
    all.sort(Map.Entry.<String, Long>comparingByValue().reversed());
    return String.join(", ", all.stream().map(each -> each.getKey() + " " + each.getValue() + " MiB").toList());
  }
}
