// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A disk image of random bytes, and what the Debian guest's init must print when it checks it ({@code xl.lines}). */
public final class RandomDisk {
  private static final Pattern LINE = Pattern.compile("(?m)^LINE .*$");
  private final byte[] content;

  public RandomDisk(long seed, int bytes) {
    content = new byte[bytes];
    new Random(seed).nextBytes(content);
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, content);
  }

  /** Asserts that all lines are there, each once, in order, with the right sums. */
  void check(String console, int lines, int chunkBytes) {
    List<String> printed = new ArrayList<>();
    for (Matcher matcher = LINE.matcher(console); matcher.find();) {
      printed.add(matcher.group());
    }
    List<String> expected = expected(lines, chunkBytes);
    for (int i = 0; i < Math.min(lines, printed.size()); i++) {
      assertEquals(expected.get(i), printed.get(i), "line " + (i + 1));
    }
    assertEquals(lines, printed.size(), "number of lines");
  }

  /** MD5 of a part, as md5sum prints it. */
  public String md5(int offset, int length) {
    return md5(Arrays.copyOfRange(content, offset, offset + length));
  }

  private List<String> expected(int lines, int chunkBytes) {
    List<String> expected = new ArrayList<>();
    int pieces = content.length / chunkBytes;
    String sum = "0";
    for (int n = 1; n <= lines; n++) {
      int piece = (n - 1) % pieces;
      String here = md5(piece * chunkBytes, chunkBytes);
      sum = md5((sum + ' ' + here + '\n').getBytes(StandardCharsets.US_ASCII));
      expected.add("LINE " + n + " piece=" + piece + " md5=" + here + " sum=" + sum);
    }
    return expected;
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
