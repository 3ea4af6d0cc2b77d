// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

class SharePortTest {
  private static final long ID = 0x1234_5678_9ABCL;
  private static final byte[] ANSWER = {11, 0, 0, 0, 7, 1, 0, 5, 0, 0, 0};
  private final SharePort port = new SharePort();
  private final List<String> seen = new ArrayList<>();

  private SharePort.Device device(boolean takes) {
    return new SharePort.Device() {
      @Override
      public boolean answered(long id, byte[] bytes, int offset, int length) {
        seen.add("answer " + Long.toHexString(id) + " " + length + " " + bytes[offset]);
        return takes;
      }

      @Override
      public long[] pending() {
        return new long[] {ID};
      }
    };
  }

  private SharePort.Outside outside(byte[] files) {
    return new SharePort.Outside() {
      @Override
      public void request(long id, byte[] message) {
        seen.add("request " + Long.toHexString(id));
      }

      @Override
      public void taken(long id) {
        seen.add("taken " + Long.toHexString(id));
      }

      @Override
      public byte[] save() {
        return files;
      }
    };
  }

  @Test
  void anAnswerWaitsUntilADeviceTakesIt() {
    byte[] input = SharePort.input(ID, ANSWER);
    assertArrayEquals(ANSWER, SharePort.message(input));
    port.connect(outside(new byte[0]));
    assertEquals(0, port.bring(input), "nobody is there");
    port.attach(device(false));
    assertEquals(0, port.bring(input), "it can't be taken");
    port.attach(device(true));
    assertEquals(input.length, port.bring(input));
    port.detach(device(true));
    assertEquals(input.length, port.bring(input), "another device isn't taken out");
    assertEquals(List.of("answer 123456789abc 11 11", "answer 123456789abc 11 11", "taken 123456789abc", "answer 123456789abc 11 11",
        "taken 123456789abc"), seen);
  }

  @Test
  void whatIsNoAnswerIsNothing() {
    port.attach(device(true));
    assertEquals(3, port.bring(new byte[3]));
    assertEquals(List.of(), seen);
  }

  @Test
  void askingNobodyIsNoError() {
    port.request(1, ANSWER);
    port.connect(outside(new byte[0]));
    port.request(2, ANSWER);
    assertEquals(List.of("request 2"), seen);
  }

  @Test
  void filesOfTheHostAreInSnapshotsAndNotInTheDigest() {
    assertTrue(port.ofTheHost());
    port.connect(outside(new byte[] {1, 2}));
    StateRecord record = port.state().save();
    SharePort other = new SharePort();
    other.state().restore(record);
    assertArrayEquals(new byte[] {1, 2}, other.saved());
    assertArrayEquals(new byte[] {1, 2}, (byte[]) other.state().save().values().get("files"), "a machine that replays keeps them");
  }
}
