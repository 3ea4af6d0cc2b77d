// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Memory for code, as the host's list of mappings has it (proc(5)). */
@Isolated
class HostCodeTest {
  private static final int SIZE = 1 << 20;
  /** x86-64's RET. */
  private static final byte RETURN = (byte) 0xC3;

  @Test
  void codeLiesBetweenPagesThatNobodyMayTouch() throws IOException {
    HostCode code = HostCode.map(SIZE);
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    assertEquals("r-xs", rights(maps, code.executed()));
    assertEquals("---p", rights(maps, code.executed() - 1));
    assertEquals("r-xs", rights(maps, code.executed() + SIZE - 1));
    assertEquals("---p", rights(maps, code.executed() + SIZE));
  }

  @Test
  void codeIsInThisProcessOnlyOnceHoweverMuchIsWritten() throws IOException {
    HostCode code = HostCode.map(16 * SIZE);
    byte[] piece = new byte[1 << 16];
    Arrays.fill(piece, RETURN);
    for (int place = 0; place < 16 * SIZE; place += piece.length) {
      code.write(piece, place, piece.length);
    }
    code.bytes(4 * SIZE, 12 * SIZE).put(new byte[8 * SIZE]);
    code.settle();
    code.write(piece, 0, 1);
    code.patchJump(8, 12 + 0x3C3C_3C3C);
    assertEquals(0x3C3C_3C3C, code.bytes(8, 12).order(ByteOrder.LITTLE_ENDIAN).getInt());
    code.call(0, 0, 0);
    code.call(16 * SIZE - 1, 0, 0);
    assertEquals(RETURN, code.bytes(4 * SIZE - 1, 4 * SIZE).get(), "before what was overwritten");
    assertEquals(0, code.bytes(8 * SIZE, 8 * SIZE + 1).get());
    long kilobytes = resident(code.executed());
    assertTrue(kilobytes <= 1024, kilobytes + " KiB where it is written");
  }

  /** MOV EAX, number; RET. */
  private static byte[] giving(int number) {
    return new byte[] {(byte) 0xB8, (byte) number, 0, 0, 0, RETURN};
  }

  @Test
  void codeThatWasHandedOverIsEachOnesOwn() throws IOException {
    HostCode first = HostCode.map(SIZE);
    int end = 3 * 4096 + 100;
    for (int place : new int[] {0, 4096, 2 * 4096, 3 * 4096}) {
      first.write(giving(1 + place / 4096), place, 6);
    }
    HostCode second = HostCode.map(SIZE);
    second.write(giving(7), 0, 6);
    assertTrue(second.take(first.hand(end), 16));
    assertEquals(List.of(7L, 2L, 3L, 4L), giving(second, 4));
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    assertEquals(List.of("r-xp", "r-xp", "r-xs"), List.of(rights(maps, first.executed()), rights(maps, second.executed()), rights(maps,
        second.executed() + SIZE - 1)));
    first.write(giving(12), 4096, 6);
    second.write(giving(23), 2 * 4096, 6);
    first.write(giving(15), 4 * 4096, 6);
    second.write(giving(25), 4 * 4096, 6);
    assertEquals(List.of(1L, 12L, 3L, 4L, 15L), giving(first, 5));
    assertEquals(List.of(7L, 2L, 23L, 4L, 25L), giving(second, 5));
    HostCode third = HostCode.map(SIZE);
    third.write(giving(8), 0, 6);
    assertTrue(third.take(second.hand(5 * 4096), 16));
    first.release();
    second.renew(16);
    second.write(giving(32), 4096, 6);
    assertEquals(List.of(7L, 32L), giving(second, 2));
    second.release();
    assertEquals(List.of(8L, 2L, 3L, 4L, 25L), giving(third, 5));
    assertEquals(RETURN, third.bytes(4096 + 5, 4096 + 6).get());
  }

  private static List<Long> giving(HostCode code, int count) {
    return LongStream.range(0, count).map(page -> code.call((int) page * 4096, 0, 0) & 0xFF).boxed().toList();
  }

  /** KiB of a mapping's pages that this process has, of the writable one of the same file and size as one that is executed. */
  private static long resident(long executed) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    String head = lines.stream().filter(line -> line.startsWith(Long.toHexString(executed) + "-")).findFirst().orElseThrow();
    String inode = head.split(" +")[4];
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(" rw-s ") && lines.get(i).split(" +")[4].equals(inode)) {
        return Long.parseLong(lines.subList(i, lines.size()).stream().filter(line -> line.startsWith("Rss:")).findFirst().orElseThrow()
            .replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no mapping is written");
  }

  private static String rights(List<String> maps, long address) {
    for (String line : maps) {
      String[] words = line.split("[- ]", 3);
      if (Long.compareUnsigned(address, Long.parseUnsignedLong(words[0], 16)) >= 0 && Long.compareUnsigned(address, Long
          .parseUnsignedLong(words[1], 16)) < 0) {
        return words[2].substring(0, 4);
      }
    }
    return "nothing";
  }
}
