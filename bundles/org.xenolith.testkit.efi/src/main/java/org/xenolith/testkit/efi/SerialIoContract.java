// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.SerialInterface;

/** What EFI_SERIAL_IO_PROTOCOL must keep, whatever line it is of (UEFI 2.10, 12.8). */
public abstract class SerialIoContract {
  private static final int GET_CONTROL = SerialInterface.FUNCTIONS + 24;
  private static final int WRITE = SerialInterface.FUNCTIONS + 32;
  private static final int READ = SerialInterface.FUNCTIONS + 40;
  private static final long NOWHERE = 0x10;
  private static final int ROOM = 4096;
  private static final byte FILL = (byte) 0xA5;
  private static final String LONG = "0123456789abcdef".repeat(20);

  /** A line that takes what is sent at once. */
  public interface Line {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** What was sent so far. */
    String sent();

    /** Characters come, no more than 16. */
    void comes(String text);
  }

  /** A new one, on which nothing was sent. */
  protected abstract Line line();

  private static final class Bench {
    final Line line;
    final EfiRam memory;
    final long size;
    final long buffer;

    Bench(Line line) {
      this.line = line;
      memory = line.firmware().memory();
      size = line.firmware().room(8);
      buffer = line.firmware().room(ROOM) + ROOM / 2;
      fill();
    }

    void fill() {
      byte[] fill = new byte[ROOM];
      Arrays.fill(fill, FILL);
      memory.write(buffer - ROOM / 2, fill);
    }

    EfiStatus transfer(int function, long bytes, long at) {
      memory.put64(size, bytes);
      return ProtocolCall.status(line.firmware(), line.protocol(), function, size, at);
    }

    EfiStatus write(String text) {
      memory.write(buffer, text.getBytes(StandardCharsets.US_ASCII));
      return transfer(WRITE, text.length(), buffer);
    }

    /** Reads at most so many, and looks that nothing but what has come was written. */
    void reads(EfiStatus status, long most, String expected) {
      fill();
      assertEquals(status, transfer(READ, most, buffer), "Read of " + most);
      assertEquals(expected.length(), memory.get64(size), "characters that Read says it has given");
      byte[] all = new byte[ROOM];
      Arrays.fill(all, FILL);
      System.arraycopy(expected.getBytes(StandardCharsets.US_ASCII), 0, all, ROOM / 2, expected.length());
      assertArrayEquals(all, memory.read(buffer - ROOM / 2, ROOM), "memory around what was read");
    }

    long control() {
      assertEquals(EfiStatus.SUCCESS, ProtocolCall.status(line.firmware(), line.protocol(), GET_CONTROL, buffer));
      return memory.get32(buffer);
    }
  }

  @Test
  void whatIsWrittenIsSentWholeAndInOrder() {
    Bench bench = new Bench(line());
    assertEquals(EfiStatus.SUCCESS, bench.write("a"));
    assertEquals(EfiStatus.SUCCESS, bench.write(LONG));
    assertEquals(LONG.length(), bench.memory.get64(bench.size), "characters that Write says it has sent");
    assertEquals(EfiStatus.SUCCESS, bench.write(""));
    assertEquals("a" + LONG, bench.line.sent());
  }

  @Test
  void whatComesIsReadAndNothingElseIsTouched() {
    Bench bench = new Bench(line());
    bench.line.comes("hello");
    bench.reads(EfiStatus.SUCCESS, 2, "he");
    bench.reads(EfiStatus.SUCCESS, 3, "llo");
    bench.line.comes("xyz");
    bench.reads(EfiStatus.TIMEOUT, 10, "xyz");
    bench.reads(EfiStatus.TIMEOUT, 10, "");
    bench.reads(EfiStatus.SUCCESS, 0, "");
    assertEquals("", bench.line.sent(), "what is read isn't sent");
  }

  @Test
  void whetherAnythingHasComeIsTold() {
    Bench bench = new Bench(line());
    assertEquals(SerialInterface.INPUT_EMPTY, bench.control() & SerialInterface.INPUT_EMPTY, "nothing has come");
    bench.line.comes("x");
    assertEquals(0, bench.control() & SerialInterface.INPUT_EMPTY, "something has come");
    bench.reads(EfiStatus.SUCCESS, 1, "x");
    assertEquals(SerialInterface.INPUT_EMPTY, bench.control() & SerialInterface.INPUT_EMPTY, "it was read");
  }

  @Test
  void buffersThatAreNowhereAreRefusedAndTheLineGoesOn() {
    Bench bench = new Bench(line());
    for (long at : new long[] {NOWHERE, FakeRam.BASE + FakeRam.SIZE, -1}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.transfer(WRITE, 4, at), "Write");
      assertNotEquals(EfiStatus.SUCCESS, bench.transfer(READ, 4, at), "Read");
    }
    assertEquals("", bench.line.sent());
    assertEquals(EfiStatus.SUCCESS, bench.write("on"));
    assertEquals("on", bench.line.sent());
    bench.line.comes("x");
    bench.reads(EfiStatus.SUCCESS, 1, "x");
  }

  @Test
  void theLineIsDescribed() {
    Bench bench = new Bench(line());
    long mode = bench.memory.get64(bench.line.protocol() + 56);
    assertNotEquals(0, bench.memory.get64(mode + 8), "BaudRate");
    assertNotEquals(0, bench.memory.get32(mode + 16), "ReceiveFifoDepth");
    assertEquals(SerialInterface.DATA_BITS, bench.memory.get32(mode + 20), "DataBits");
  }
}
