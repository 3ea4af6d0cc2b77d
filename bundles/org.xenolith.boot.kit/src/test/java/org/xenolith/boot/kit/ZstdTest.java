// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that Debian's {@code zstd} 1.5.4 made of {@link #text}, {@link #runs} and {@link #mixed}: the names of the files have size and level (with {@code --ultra}), {@code n} for {@code --no-check}
 * and {@code i} for packed from standard input, as kernels are, so that the frame doesn't say how large it is.
 */
class ZstdTest {
  /** Lines of words, so that there are literals and matches near and far. */
  static byte[] text(int size) {
    String[] words = "memory page table lock device driver interrupt kernel queue state of the and to with 0x%04x %d".split(" ");
    Random random = new Random(63);
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      for (int i = random.nextInt(9); i >= 0; i--) {
        text.append(words[random.nextInt(words.length)].formatted(random.nextInt(2000))).append(i == 0 ? '\n' : ' ');
      }
      if (random.nextInt(3) > 0) {
        int from = random.nextInt(text.length());
        text.append(text, from, Math.min(text.length(), from + random.nextInt(4000)));
      }
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), size);
  }

  /** Blocks of one byte each, noise that isn't packed, and very long matches. */
  static byte[] runs(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(64);
    byte[] noise = new byte[3000];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, bytes, 400_000, noise.length);
    Arrays.fill(bytes, 500_000, 700_000, (byte) 'x');
    System.arraycopy(noise, 0, bytes, size - noise.length, noise.length);
    return bytes;
  }

  /** Words of 16 bits, most of them alike, as tables of a kernel have them: literals by the codes of the block before. */
  static byte[] mixed(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(65);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 2 == 0 ? (int) (random.nextGaussian() * 9) : random.nextInt(8) == 0 ? i >> 8 : 0);
    }
    return bytes;
  }

  private static byte[] made(String content) {
    int size = Integer.parseInt(content.substring(content.indexOf('-') + 1));
    return content.startsWith("text") ? text(size) : content.startsWith("runs") ? runs(size) : mixed(size);
  }

  private static byte[] file(String name) {
    try (InputStream in = ZstdTest.class.getResourceAsStream(name + ".zst")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unpacked(byte[] file, long limit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String array = said(() -> Zstd.unpack(file, 0, file.length, limit, out::write));
    ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    // Of a stream that gives as little as it likes it is the same.
    assertEquals(array.isEmpty(), said(() -> Zstd.unpack(new SlowStream(file), limit, streamed::write)).isEmpty());
    assertArrayEquals(out.toByteArray(), streamed.toByteArray());
    if (!array.isEmpty()) {
      Zstd.unpack(file, 0, file.length, limit, (bytes, from, length) -> {});
    }
    return out.toByteArray();
  }

  private interface Unpacking {
    void run() throws IOException;
  }

  private static String said(Unpacking unpacking) {
    try {
      unpacking.run();
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** Bytes in pieces of 1 to 1,000. */
  private static final class SlowStream extends FilterInputStream {
    private final Random random = new Random(67);

    SlowStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return super.read(into, offset, Math.min(length, 1 + random.nextInt(1000)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text-150000.1", "text-150000.19n", "text-150000.22i", "runs-1000000.3", "runs-1000000.19i", "mixed-20000.3",
      "mixed-20000.15i", "mixed-300.19", "text-1.3", "text-0.3"})
  void whatZstdPackedIsUnpacked(String name) throws IOException {
    byte[] file = file(name);
    assertTrue(Zstd.recognises(file));
    assertArrayEquals(made(name.substring(0, name.indexOf('.'))), unpacked(file, 1 << 20));
  }

  /** Frames one after the other are one file, and those between them that are to be skipped aren't in it. */
  @Test
  void framesFollowOneAnother() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3});
    file.writeBytes(file("mixed-300.19"));
    file.writeBytes(new byte[] {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0});
    file.writeBytes(file("text-1.3"));
    byte[] whole = Arrays.copyOf(mixed(300), 301);
    whole[300] = text(1)[0];
    assertArrayEquals(whole, unpacked(file.toByteArray(), 1000));
  }

  @Test
  void moreThanTheLimitIsRefusedWhetherTheFrameSaysItOrNot() {
    for (String name : new String[] {"text-150000.1", "text-150000.22i", "runs-1000000.19i"}) {
      assertThrows(Zstd.TooLarge.class, () -> unpacked(file(name), 149_999));
    }
  }

  /** The checksum is that of what comes out, so that nothing is wrong without a word. */
  @Test
  void whatIsDamagedIsRefusedAndNeverAnythingElse() {
    Random random = new Random(66);
    for (String name : new String[] {"mixed-20000.3", "mixed-300.19", "mixed-20000.15i"}) {
      byte[] sound = file(name);
      for (int i = 0; i < 300; i++) {
        byte[] file = sound.clone();
        // Not of the magic or the size, which may make it another frame with nothing in it.
        file[6 + random.nextInt(file.length - 6)] ^= (byte) (1 << random.nextInt(8));
        assertThrows(IOException.class, () -> unpacked(file, 1 << 20), name + " " + i);
        byte[] cut = Arrays.copyOf(sound, random.nextInt(sound.length));
        assertThrows(IOException.class, () -> unpacked(cut, 1 << 20), name + " " + cut.length);
      }
    }
  }

  @Test
  void whatIsNotUnpackedIsSaidWithItsPlace() {
    assertEquals("zstd, at byte 0: no frame begins there", said(new byte[] {1, 2, 3, 4}));
    assertEquals("zstd, at byte 7: it wants a dictionary", said(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 1, 0, 9}));
    assertTrue(said(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0xFF}).contains("it wants a window of"));
    assertEquals("zstd, at byte 4: it is cut off", said(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD}));
  }

  private static String said(byte[] file) {
    return assertThrows(IOException.class, () -> unpacked(file, 100)).getMessage();
  }
}
