// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A disk with a program that reads all of it by one ReadBlocks, and shows what its SHA-256 is, which it computes itself (FIPS 180-4). */
public final class DiskDigest {
  /** What stands before it. */
  public static final String SAYS = "sha256 ";
  private static final int ROUNDS = 16;
  private static final String READ = """
          adr x0, block_io
          mov x1, #0
          adr x2, place
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x21, place
          ldr x21, [x21]
          ldr x22, [x21, #8]
          ldr w9, [x22, #12]
          ldr x10, [x22, #24]
          add x10, x10, #1
          mul x23, x9, x10
          mov x0, #0
          mov x1, #2
          add x2, x23, #4095
          lsr x2, x2, #12
          adr x3, place
          ldr x9, [x20, #40]
          blr x9
          cbnz x0, leave
          mov x0, x21
          ldr w1, [x22]
          mov x2, #0
          mov x3, x23
          adr x4, place
          ldr x4, [x4]
          ldr x9, [x21, #24]
          blr x9
          cbnz x0, leave
          adr x22, place
          ldr x22, [x22]
          lsl x9, x23, #3
          rev x9, x9
          adr x10, padding
          str x9, [x10, #56]
          adr x11, constants
          adr x10, state
          ld1 {v0.4s, v1.4s}, [x10]
          add x23, x22, x23
      block:
          cmp x22, x23
          b.eq last
          ld1 {v4.16b, v5.16b, v6.16b, v7.16b}, [x22], #64
          bl rounds
          b block
      last:
          adr x10, padding
          ld1 {v4.16b, v5.16b, v6.16b, v7.16b}, [x10]
          bl rounds
          rev32 v0.16b, v0.16b
          rev32 v1.16b, v1.16b
          adr x10, state
          st1 {v0.16b, v1.16b}, [x10]
          adr x12, digits
          mov w13, #32
      byte:
          ldrb w14, [x10], #1
          lsr w15, w14, #4
          bl digit
          and w15, w14, #15
          bl digit
          sub w13, w13, #1
          cbnz w13, byte
          adr x1, says
          bl print
          b done
      digit:
          add w15, w15, #48
          cmp w15, #58
          b.lo decimal
          add w15, w15, #39
      decimal:
          strh w15, [x12], #2
          ret
      rounds:
          mov v2.16b, v0.16b
          mov v3.16b, v1.16b
          rev32 v4.16b, v4.16b
          rev32 v5.16b, v5.16b
          rev32 v6.16b, v6.16b
          rev32 v7.16b, v7.16b
      """;

  private static final int[] CONSTANTS = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
      0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
      0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1,
      0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
      0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};
  private static final int[] BEGIN = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

  private DiskDigest() {}

  private static String words(String name, int... words) {
    StringBuilder text = new StringBuilder(".balign 16\n").append(name).append(": .word ");
    for (int i = 0; i < words.length; i++) {
      text.append(i == 0 ? "" : ", ").append("0x%08x".formatted(words[i]));
    }
    return text.append('\n').toString();
  }

  /** Four rounds each; those that come four times later need the schedule's next words. */
  private static String rounds() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROUNDS; i++) {
      int message = 4 + i % 4;
      text.append("ldr q16, [x11, #%d]\nadd v16.4s, v16.4s, v%d.4s\nmov v17.16b, v0.16b\n".formatted(16 * i, message));
      text.append("sha256h q0, q1, v16.4s\nsha256h2 q1, q17, v16.4s\n");
      if (i < ROUNDS - 4) {
        text.append("sha256su0 v%d.4s, v%d.4s\n".formatted(message, 4 + (i + 1) % 4));
        text.append("sha256su1 v%d.4s, v%d.4s, v%d.4s\n".formatted(message, 4 + (i + 2) % 4, 4 + (i + 3) % 4));
      }
    }
    return text.append("add v0.4s, v0.4s, v2.4s\nadd v1.4s, v1.4s, v3.4s\nret\ndone:\n").toString();
  }

  private static String characters(String text) {
    return text.chars().mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }

  /** A disk with the program. */
  public static Path disk(Path folder) throws IOException {
    int[] padding = new int[16];
    padding[0] = 0x80;
    String data = words("constants", CONSTANTS) + words("state", BEGIN) + words("padding", padding) + "place: .quad 0\n"
        + DiskPrograms.BLOCK_IO + "says: .hword " + characters(SAYS) + "\ndigits: .hword " + "48, ".repeat(64) + "13, 10, 0\n";
    return DiskPrograms.disk(folder, "digest.img", DiskPrograms.program(READ + rounds(), data));
  }

  /** The line that the program shows of an image. */
  public static String line(Path image) throws IOException {
    try {
      return SAYS + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(image)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
