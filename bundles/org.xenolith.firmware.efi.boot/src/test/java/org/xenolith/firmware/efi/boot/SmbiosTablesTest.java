// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.FakeMemory;

/** What an operating system finds at the configuration table of SMBIOS, taken apart by the rules of the specification. */
class SmbiosTablesTest {
  private final Stand stand = new Stand();

  private long entryPoint() {
    long at = stand.memory.get64(stand.system() + 112);
    for (long i = 0; i < stand.memory.get64(stand.system() + 104); i++) {
      if (stand.memory.guid(at + 24 * i).equals(SmbiosTables.TABLE)) {
        return stand.memory.get64(at + 24 * i + 16);
      }
    }
    throw new AssertionError("no table of SMBIOS");
  }

  /** Type and strings of each structure. */
  private List<String> structures(long entry) {
    byte[] all = stand.memory.read(stand.memory.get64(entry + 16), (int) stand.memory.get32(entry + 12));
    List<String> found = new ArrayList<>();
    for (int at = 0; at < all.length;) {
      StringBuilder text = new StringBuilder(Integer.toString(all[at]));
      int next = at + all[at + 1];
      boolean none = all[next] == 0;
      while (all[next] != 0) {
        int begin = next;
        while (all[next] != 0) {
          next++;
        }
        text.append('|').append(new String(all, begin, next - begin, StandardCharsets.US_ASCII));
        next++;
      }
      found.add(text.toString());
      at = next + (none ? 2 : 1);
    }
    return found;
  }

  private static FdtNode cpu(int number) {
    return new FdtNode("cpu@" + number, List.of(FdtProperty.ofStrings("device_type", "cpu"), FdtProperty.ofCells("reg", number)), List
        .of());
  }

  @Test
  void theMachineOfTheTreeIsTold() {
    stand.tree(new FdtNode("cpus", List.of(), List.of(cpu(0), cpu(1), new FdtNode("cpu-map", List.of(), List.of()))));
    stand.enter();
    long entry = entryPoint();
    byte[] bytes = stand.memory.read(entry, 24);
    int sum = 0;
    for (byte each : bytes) {
      sum += each;
    }
    assertEquals(0, sum & 0xFF);
    assertEquals("_SM3_", new String(bytes, 0, 5, StandardCharsets.US_ASCII));
    List<String> found = structures(entry);
    assertTrue(found.getFirst().matches("0\\|The Xenolith project\\|[0-9.]+\\|[01][0-9]/[0-3][0-9]/20[0-9]{2}"), found::toString);
    assertEquals(List.of("1|The Xenolith project|machine|1", "3|The Xenolith project", "4|CPU 0|The Xenolith project",
        "4|CPU 1|The Xenolith project", "16", "17|DIMM 0|The Xenolith project", "19", "32", "127"), found.subList(1, found.size()));
  }

  /** Memory is that of the tree; a tree that tells of no processor has one, of which no more is known. */
  @Test
  void whatIsNotKnownIsNotMadeUp() {
    stand.enter();
    long at = stand.memory.get64(entryPoint() + 16);
    int[] sizes = new int[128];
    while (true) {
      int type = stand.memory.read(at, 1)[0];
      byte[] fields = stand.memory.read(at, stand.memory.read(at + 1, 1)[0]);
      sizes[type]++;
      if (type == 4) {
        assertEquals(0, fields[0x23], "cores");
      } else if (type == 17) {
        assertEquals(FakeMemory.SIZE >>> 20, stand.memory.get32(at + 0x1C), "MiB");
      } else if (type == 19) {
        assertEquals(Stand.RAM, stand.memory.get64(at + 0x0F));
        assertEquals(Stand.RAM + FakeMemory.SIZE - 1, stand.memory.get64(at + 0x17));
      } else if (type == 127) {
        break;
      }
      at += fields.length;
      while (stand.memory.read(at, 1)[0] != 0 || stand.memory.read(at + 1, 1)[0] != 0) {
        at++;
      }
      at += 2;
    }
    assertEquals(1, sizes[4]);
  }
}
